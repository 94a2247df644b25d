import KeyvRedis, { createClient, Keyv } from '@keyv/redis';
import { createKeyv } from 'cacheable';
import { createCache } from 'cache-manager';
import { LIFE_MS } from '../lib/payloads.mjs';

export const cacheManager = {
  name: 'cache-manager',
  setUp:
    "its default memory (an unbounded Map of the callers' own objects), @keyv/redis behind it; tells nobody",
  open: (how) => openCache('cache-manager', how, unbounded),
};

/** The default memory grows for ever; this is the bounded one its guide names. */
export const cacheManagerLru = {
  name: 'cache-manager-lru',
  setUp: 'the same with CacheableMemory, bounded, without clones',
  open: (how) => openCache('cache-manager-lru', how, () => createKeyv({ lruSize: 10_000, useClone: false })),
};

function unbounded() {
  const memory = new Keyv();
  memory.serialize = undefined;
  memory.deserialize = undefined;
  return memory;
}

async function openCache(name, { redis: { url }, use, failFast }, makeMemory) {
  const client = createClient({ url, ...(failFast && { disableOfflineQueue: true }) });
  client.on('error', () => undefined);
  await client.connect();
  const store = new KeyvRedis(client, failFast && { throwOnConnectError: false });
  const shared = new Keyv(store, { namespace: name, useKeyPrefix: false });
  shared.on('error', () => undefined);
  const cache = createCache({ stores: use === 'shared' ? [shared] : [makeMemory(), shared], ttl: LIFE_MS });
  return {
    get: (key) => cache.get(key),
    getMany: (keys) => cache.mget(keys),
    set: (key, value) => cache.set(key, value),
    getOrLoad: (key, loader) => cache.wrap(key, loader),
    close: () => cache.disconnect(),
  };
}
