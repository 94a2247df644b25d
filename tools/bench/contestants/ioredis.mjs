import { Redis } from 'ioredis-6';
import { Packr } from 'msgpackr';
import { LIFE_MS } from '../lib/payloads.mjs';

export const ioredis = {
  name: 'ioredis',
  setUp: 'ioredis 6, GET and SET PX of JSON written by hand: what a cache over ioredis starts from',
  open: (how) => byHand('ioredis', how, {}),
};

export const ioredisAutopipelining = {
  name: 'ioredis-autopipelining',
  setUp: 'the same with enableAutoPipelining',
  open: (how) => byHand('ioredis-autopipelining', how, { enableAutoPipelining: true }),
};

/** Fastest encoding of objects: the limit where many are read at once. */
export const ioredisMsgpack = {
  name: 'ioredis-msgpack',
  setUp: 'ioredis 6, MGET of buffers, msgpack with records of fields left out',
  async open({ redis, use }) {
    if (use !== 'shared') return undefined;
    const client = connect(redis, {});
    await client.ping();
    const packr = new Packr({ useRecords: false });
    const prefixed = (key) => `ioredis-msgpack:${key}`;
    const read = (bytes) => (bytes === null ? undefined : packr.unpack(bytes));
    return {
      get: async (key) => read(await client.getBuffer(prefixed(key))),
      getMany: async (keys) => (await client.mgetBuffer(keys.map(prefixed))).map(read),
      set: (key, value) => client.set(prefixed(key), packr.pack(value), 'PX', LIFE_MS),
      close: () => client.disconnect(),
    };
  },
};

async function byHand(name, { redis, use }, options) {
  if (use !== 'shared') return undefined;
  const client = connect(redis, options);
  await client.ping();
  const prefixed = (key) => `${name}:${key}`;
  const read = (text) => (text === null ? undefined : JSON.parse(text));
  const get = async (key) => read(await client.get(prefixed(key)));
  const set = (key, value) => client.set(prefixed(key), JSON.stringify(value), 'PX', LIFE_MS);
  return {
    get,
    getMany: async (keys) => (await client.mget(keys.map(prefixed))).map(read),
    set,
    getOrLoad: async (key, loader) => {
      const found = await get(key);
      if (found !== undefined) return found;
      const loaded = await loader();
      await set(key, loaded);
      return loaded;
    },
    close: () => client.disconnect(),
  };
}

function connect({ host, port, password }, options) {
  const client = new Redis({ host, port, password, ...options });
  client.on('error', () => undefined);
  return client;
}
