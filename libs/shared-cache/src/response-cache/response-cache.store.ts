import { KeyvAdapter } from 'cache-manager';
import { redisInsStore } from 'cache-manager-redis-yet';
import { Keyv } from 'keyv';
import type { RedisConnection } from '../connection/redis.connection';
import { GuardedStore } from './guarded.store';
import type { ResponseCacheClient } from './response-cache.client';

/** Store of `@nestjs/cache-manager`: Redis through cache-manager-redis-yet, or memory when none is configured. */
export function responseCacheStore(responses: ResponseCacheClient, redis: RedisConnection): Keyv {
  const { client } = responses;
  if (!client) return new Keyv({ useKeyPrefix: false });
  const adapter = new KeyvAdapter(redisInsStore(client as never) as never);
  return new Keyv({ store: new GuardedStore(adapter, client, redis), useKeyPrefix: false });
}
