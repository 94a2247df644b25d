import { BentoCache, bentostore } from 'bentocache';
import { memoryDriver } from 'bentocache/drivers/memory';
import { redisBusDriver, redisDriver } from 'bentocache/drivers/redis';
import { Redis } from 'ioredis';
import { LIFE_MS } from '../lib/payloads.mjs';

export const bentocache = {
  name: 'bentocache',
  setUp: 'memory, Redis and Redis bus over ioredis 5, as its multi-tier guide shows',
  async open({ redis: { host, port, password }, use, failFast }) {
    const address = { host, port, password };
    const connection = new Redis({
      ...address,
      ...(failFast && { enableOfflineQueue: false, maxRetriesPerRequest: 0 }),
    });
    connection.on('error', () => undefined);
    await new Promise((resolve) => connection.once('ready', resolve));
    const store = bentostore();
    // Without serialising, 1.6.1 fails on values that another process wrote: it puts Redis' text into its memory.
    if (use !== 'shared') store.useL1Layer(memoryDriver({ maxItems: 10_000, serialize: use !== 'memory' }));
    store.useL2Layer(redisDriver({ connection }));
    // The bus subscribes at once, which needs the queue.
    if (use !== 'shared') store.useBus(redisBusDriver({ connection: address }));
    const bento = new BentoCache({ default: 'cache', stores: { cache: store }, ttl: LIFE_MS });
    return {
      get: (key) => bento.get({ key }),
      set: (key, value) => bento.set({ key, value }),
      getOrLoad: (key, loader) => bento.getOrSet({ key, factory: loader }),
      close: () => bento.disconnectAll().then(() => connection.disconnect()),
    };
  },
};
