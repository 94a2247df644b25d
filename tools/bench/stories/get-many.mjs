import { closeAll, openAll } from '../contestants/index.mjs';
import { fill, someKeys } from '../lib/payloads.mjs';
import { takeTurns } from '../lib/rounds.mjs';
import { seriesOf, toRow } from '../lib/rows.mjs';

const NAMES = [
  'tickbridge',
  'ioredis-msgpack',
  'ioredis',
  'node-redis',
  'bentocache',
  'cacheable',
  'cache-manager',
  'redis-yet',
];
const AT_ONCE = 100;
const KEYS = someKeys(1_000);
/** Which encoding reads faster depends on payload and machine. */
const LIMIT = { limit: ['ioredis-msgpack', 'ioredis'], yardsticks: ['node-redis'] };
const notes = {
  bentocache: 'has no call for many keys: 100 calls at once',
};

/** A hundred values that only Redis holds, asked for at once. */
export const getMany = {
  id: 'get-many',
  title: '100 keys at once',
  async run({ redis, turns }) {
    const caches = await openAll(NAMES, { redis, use: 'shared' });
    for (const cache of caches) await fill(cache, KEYS);
    const results = await takeTurns(caches.map(reader), turns);
    await closeAll(caches);
    return [
      toRow({
        id: 'get-many',
        work: '100 keys at once',
        unit: 'keys/s',
        better: 'more',
        series: scaled(seriesOf(results, 'perSecond'), AT_ONCE),
        ...LIMIT,
        goal: { text: '≥ 0.8 of the limit', reached: ({ toLimit }) => toLimit >= 0.8 },
        notes,
      }),
      toRow({
        id: 'get-many-cpu',
        work: '100 keys at once, processor time per key',
        unit: 'µs',
        better: 'less',
        series: scaled(seriesOf(results, 'cpuMicros'), 1 / AT_ONCE),
        ...LIMIT,
        notes,
      }),
    ];
  },
};

function reader({ name, get, getMany: many = (keys) => Promise.all(keys.map(get)) }) {
  return {
    name,
    async run(count) {
      for (let at = 0; at < count; at += 1) {
        const from = (at * AT_ONCE) % KEYS.length;
        await many(KEYS.slice(from, from + AT_ONCE));
      }
    },
  };
}

const scaled = (series, by) =>
  Object.fromEntries(Object.entries(series).map(([name, figures]) => [name, figures.map((one) => one * by)]));
