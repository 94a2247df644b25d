import { closeAll, openAll } from '../contestants/index.mjs';
import { fill, market, quote, someKeys } from '../lib/payloads.mjs';
import { takeTurnsAlone } from '../lib/rounds.mjs';
import { seriesOf, toRow } from '../lib/rows.mjs';

const NAMES = [
  'tickbridge',
  'ioredis',
  'ioredis-autopipelining',
  'node-redis',
  'bentocache',
  'cacheable',
  'cache-manager',
  'redis-yet',
];
const LIMIT = { limit: 'ioredis', yardsticks: ['ioredis-autopipelining', 'node-redis'] };

/** One caller reads values of about 300 bytes that only Redis holds, each after the other. */
export const redisHit = {
  id: 'redis-hit',
  title: 'Redis hit, one caller',
  async run({ redis, turns }) {
    const results = await readAlone({ redis, turns, payload: quote, keys: someKeys(1_000) });
    return [
      toRow({
        id: 'redis-hit-p50',
        work: 'Redis hit, one caller, p50',
        unit: 'µs',
        better: 'less',
        series: seriesOf(results, 'p50Micros'),
        ...LIMIT,
        goal: { text: '≥ 0.9 of the limit', reached: ({ toLimit }) => toLimit >= 0.9 },
      }),
      toRow({
        id: 'redis-hit-rate',
        work: 'Redis hit, one caller',
        unit: 'reads/s',
        better: 'more',
        series: seriesOf(results, 'perSecond'),
        ...LIMIT,
      }),
    ];
  },
};

/** The same with the whole market in one value. */
export const redisHitBig = {
  id: 'redis-hit-big',
  title: 'Redis hit, 175 symbols in one value',
  async run({ redis, turns }) {
    const results = await readAlone({ redis, turns, payload: market, keys: someKeys(20, 'market-') });
    return [
      toRow({
        id: 'redis-hit-big',
        work: 'Redis hit, one caller, 175 symbols in one value, p50',
        unit: 'µs',
        better: 'less',
        series: seriesOf(results, 'p50Micros'),
        ...LIMIT,
      }),
    ];
  },
};

async function readAlone({ redis, turns, payload, keys }) {
  const caches = await openAll(NAMES, { redis, use: 'shared', payload });
  for (const cache of caches) await fill(cache, keys, payload);
  const results = await takeTurnsAlone(
    caches.map(({ name, get }) => ({ name, once: (at) => get(keys[at % keys.length]) })),
    turns,
  );
  await closeAll(caches);
  return results;
}
