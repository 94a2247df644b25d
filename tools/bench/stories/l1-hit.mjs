import { closeAll, openAll } from '../contestants/index.mjs';
import { fresh } from '../lib/fresh.mjs';
import { fill, someKeys } from '../lib/payloads.mjs';
import { takeTurns } from '../lib/rounds.mjs';
import { seriesOf, toRow } from '../lib/rows.mjs';

const NAMES = [
  'tickbridge',
  'Map',
  'lru-cache',
  'node-redis',
  'bentocache',
  'cacheable',
  'cache-manager',
  'cache-manager-lru',
];
const KEYS = someKeys(512);

/** A value this process holds in memory, read the way the caller reads any value: awaited. */
export const l1Hit = {
  id: 'l1-hit',
  title: 'memory hit, awaited',
  async run({ redis, turns }) {
    const caches = await openAll(NAMES, { redis, use: 'memory' });
    for (const cache of caches) {
      await fill(cache, KEYS);
      // Client-side caching keeps what was read, not what was written.
      for (const key of KEYS) await cache.get(key);
    }
    const results = await takeTurns(
      caches.map(({ name, get }) => ({ name, run: fresh(loop, name)(get, KEYS) })),
      turns,
    );
    await closeAll(caches);
    return [
      toRow({
        id: 'l1-hit',
        work: 'memory hit, awaited, one after the other',
        unit: 'hits/s',
        better: 'more',
        series: seriesOf(results, 'perSecond'),
        limit: 'Map',
        yardsticks: ['lru-cache'],
        notes: { 'cache-manager': "unbounded, hands out the caller's own object" },
        goal: {
          text: '≥ 0.5 of the limit, > 10 × the best peer',
          reached: ({ toLimit, toPeer }) => toLimit >= 0.5 && toPeer > 10,
        },
      }),
    ];
  },
};

const loop = (get, keys) => async (count) => {
  let sum = 0;
  for (let at = 0; at < count; at += 1) sum += (await get(keys[at & 511])).sequence;
  return sum;
};
