import { closeAll, openAll } from '../contestants/index.mjs';
import { fill, someKeys } from '../lib/payloads.mjs';
import { sideBySide, takeTurns } from '../lib/rounds.mjs';
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
const CALLERS = 100;
const KEYS = someKeys(1_000);

/** A hundred callers read values that only Redis holds; each waits for its own answer before it asks again. */
export const redisHitManyCallers = {
  id: 'redis-hit-100',
  title: 'Redis hit, 100 callers',
  async run({ redis, turns }) {
    const caches = await openAll(NAMES, { redis, use: 'shared' });
    for (const cache of caches) await fill(cache, KEYS);
    const results = await takeTurns(
      caches.map(({ name, get }) => ({
        name,
        run: (count) => sideBySide(CALLERS, count, (at) => get(KEYS[at % KEYS.length])),
      })),
      turns,
    );
    await closeAll(caches);
    return [
      toRow({
        id: 'redis-hit-100',
        work: 'Redis hit, 100 callers',
        unit: 'reads/s',
        better: 'more',
        series: seriesOf(results, 'perSecond'),
        limit: 'ioredis',
        yardsticks: ['ioredis-autopipelining', 'node-redis'],
        goal: { text: '≥ 1.2 of the limit', reached: ({ toLimit }) => toLimit >= 1.2 },
      }),
    ];
  },
};
