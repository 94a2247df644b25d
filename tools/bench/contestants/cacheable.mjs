import KeyvRedis, { createKeyvNonBlocking, Keyv } from '@keyv/redis';
import { RedisMessageProvider } from '@qified/redis';
import { Cacheable, createKeyv } from 'cacheable';
import { LIFE_MS } from '../lib/payloads.mjs';

export const cacheable = {
  name: 'cacheable',
  setUp: 'memory with LRU bound, @keyv/redis and CacheableSync over @qified/redis',
  async open({ redis: { url }, use, failFast }) {
    const second = failFast
      ? createKeyvNonBlocking(url, { namespace: 'cacheable' })
      : new Keyv(new KeyvRedis(url), { namespace: 'cacheable', useKeyPrefix: false });
    const cache =
      use !== 'shared'
        ? new Cacheable({
            primary: createKeyv({ useClone: use !== 'memory', lruSize: 10_000 }),
            secondary: second,
            nonBlocking: failFast ?? false,
            sync: { qified: new RedisMessageProvider({ uri: url }) },
            ttl: LIFE_MS,
          })
        : new Cacheable({ primary: second, ttl: LIFE_MS });
    cache.on('error', () => undefined);
    second.on('error', () => undefined);
    await cache.set('connected', { sequence: 0 });
    return {
      get: (key) => cache.get(key),
      getMany: (keys) => cache.getMany(keys),
      set: (key, value) => cache.set(key, value),
      getOrLoad: (key, loader) => cache.getOrSet(key, loader),
      close: () => cache.disconnect(),
    };
  },
};
