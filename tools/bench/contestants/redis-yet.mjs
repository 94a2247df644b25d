import { createRequire } from 'node:module';
import { redisInsStore } from 'cache-manager-redis-yet';
import { KeyvAdapter, createCache } from 'cache-manager';
import { Keyv } from 'keyv';
import { LIFE_MS } from '../lib/payloads.mjs';

/** It brings an older client library of its own. */
const { createClient } = createRequire(createRequire(import.meta.url).resolve('cache-manager-redis-yet'))(
  'redis',
);

export const redisYet = {
  name: 'redis-yet',
  setUp: 'cache-manager-redis-yet through KeyvAdapter, as @nestjs/cache-manager uses it; no memory in front',
  async open({ redis: { url }, use, failFast }) {
    if (use !== 'shared') return undefined;
    const client = createClient({ url, disableOfflineQueue: failFast ?? false });
    client.on('error', () => undefined);
    await client.connect();
    const keyv = new Keyv({ store: new KeyvAdapter(redisInsStore(client)), namespace: 'redis-yet' });
    const cache = createCache({ stores: [keyv], ttl: LIFE_MS });
    return {
      get: (key) => cache.get(key),
      getMany: (keys) => cache.mget(keys),
      set: (key, value) => cache.set(key, value),
      getOrLoad: (key, loader) => cache.wrap(key, loader),
      close: () => client.disconnect(),
    };
  },
};
