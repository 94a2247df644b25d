import { KeyvAdapter } from 'cache-manager';
import { redisInsStore } from 'cache-manager-redis-yet';
import { Keyv } from 'keyv';
import { BoundedStore } from './bounded.store';
import { GuardedStore } from './guarded.store';
import type { ResponseCacheClient } from './response-cache.client';

/**
 * Store of `@nestjs/cache-manager`: Redis through cache-manager-redis-yet, with this process's memory in its place
 * while it is away.
 */
export function responseCacheStore(responses: ResponseCacheClient): Keyv {
  const { client } = responses;
  const redis = client && new KeyvAdapter(redisInsStore(client));
  const memory = new BoundedStore();
  const keyv = new Keyv({ store: new GuardedStore(redis ?? memory, memory, responses), useKeyPrefix: false });
  // The stores write JSON already.
  keyv.serialize = undefined;
  keyv.deserialize = undefined;
  return keyv;
}
