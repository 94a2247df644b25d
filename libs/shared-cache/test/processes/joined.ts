import type { INestApplicationContext } from '@nestjs/common';
import { CacheService } from '../../src/cache/cache.service';
import { Coherence } from '../../src/cache/coherence';
import { RedisConnection } from '../../src/connection/redis.connection';
import { waitFor } from '../../src/testing';

/** The cache of a process, once it uses Redis and hears of changes. */
export async function joined(context: INestApplicationContext): Promise<CacheService> {
  await waitFor(() => context.get(RedisConnection).available && context.get(Coherence).armed);
  return context.get(CacheService);
}
