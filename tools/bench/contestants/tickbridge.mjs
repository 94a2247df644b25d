import { until } from '../../lib/processes.mjs';
import { market, quote } from '../lib/payloads.mjs';
import { platform } from '../lib/platform.mjs';

export const tickbridge = {
  name: 'tickbridge',
  setUp:
    'CacheService of SharedCacheModule in a Nest context; zod schema; memory and Redis, or Redis alone by tiers',
  async open({ redis, use, payload = quote }) {
    const { CacheService, RedisConnection, cacheNamespace, z } = await platform();
    const app = await startApp(redis);
    const cache = app.get(CacheService);
    const space = cacheNamespace({
      name: 'bench',
      version: 1,
      schema: schemaOf(payload, z),
      kind: 'charts',
      // Without memory every read is answered by Redis.
      ...(use === 'shared' && { tiers: ['l3'] }),
    });
    await until(() => app.get(RedisConnection).available, { what: 'tickbridge connected', everyMs: 5 });
    if (use !== 'shared') await untilCoherent(cache, space, payload(0));
    return {
      get: (key) => cache.get(space, key),
      peek: (key) => cache.peek(space, key),
      getMany: (keys) => cache.getMany(space, keys),
      set: (key, value) => cache.set(space, key, value),
      getOrLoad: (key, loader) => cache.getOrSet(space, key, loader),
      close: () => app.close(),
    };
  },
};

/**
 * The platform's library as a service uses it.
 *
 * @param {object} [parts] further parts of the module
 * @param {object} [more] further options of the module
 */
export async function startApp(redis, parts = {}, more = {}) {
  const { NestFactory, SharedCacheModule } = await platform();
  const { host, port, password } = redis;
  const options = {
    service: 'bench',
    redis: { host, port, ...(password && { password }) },
    ...more,
  };
  return NestFactory.createApplicationContext(
    SharedCacheModule.forRootAsync({ parts, useFactory: () => options }),
    { logger: false, abortOnError: false },
  );
}

/** Memory answers only once changes made elsewhere are heard of. */
function untilCoherent(cache, space, example) {
  const ask = async () => {
    await cache.get(space, 'is-coherent');
    return cache.peek(space, 'is-coherent') !== undefined;
  };
  return cache
    .set(space, 'is-coherent', example)
    .then(() => until(ask, { what: 'tickbridge coherent', everyMs: 5 }));
}

/** Shape of the payload, checked on every write and on every read from Redis, as in every service. */
function schemaOf(payload, z) {
  const price = z.number().positive();
  const quoted = z.object({
    symbol: z.string().min(1),
    assetClass: z.enum(['stock', 'crypto', 'index']),
    lastPrice: price,
    volume: z.number().nonnegative(),
    open: price,
    high: price,
    low: price,
    previousClose: price,
    changePercent: z.number(),
    bid: price,
    bidQuantity: z.number().nonnegative(),
    ask: price,
    askQuantity: z.number().nonnegative(),
    eventTime: z.string(),
    source: z.string(),
    sequence: z.number(),
  });
  if (payload === market)
    return z.object({ sequence: z.number(), asOf: z.string(), quotes: z.array(quoted) });
  return quoted;
}
