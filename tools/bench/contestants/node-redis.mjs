import { createClient } from 'redis';
import { LIFE_MS } from '../lib/payloads.mjs';

export const nodeRedis = {
  name: 'node-redis',
  setUp: 'redis 6, RESP 3; client-side caching where memory may answer; JSON by hand, for it caches texts',
  async open({ redis, use, failFast }) {
    const client = createClient({
      url: redis.url,
      RESP: 3,
      ...(use !== 'shared' && { clientSideCache: { ttl: 0, maxEntries: 10_000, evictPolicy: 'LRU' } }),
      ...(failFast && { disableOfflineQueue: true }),
    });
    client.on('error', () => undefined);
    await client.connect();
    const prefixed = (key) => `node-redis:${key}`;
    const read = (text) => (text === null ? undefined : JSON.parse(text));
    const get = async (key) => read(await client.get(prefixed(key)));
    const set = (key, value) =>
      client.set(prefixed(key), JSON.stringify(value), { expiration: { type: 'PX', value: LIFE_MS } });
    return {
      get,
      getMany: async (keys) => (await client.mGet(keys.map(prefixed))).map(read),
      set,
      getOrLoad: async (key, loader) => {
        const found = await get(key);
        if (found !== undefined) return found;
        const loaded = await loader();
        await set(key, loaded);
        return loaded;
      },
      close: () => client.destroy(),
    };
  },
};
