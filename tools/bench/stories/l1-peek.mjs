import { closeAll, openAll } from '../contestants/index.mjs';
import { fresh } from '../lib/fresh.mjs';
import { fill, someKeys } from '../lib/payloads.mjs';
import { takeTurns } from '../lib/rounds.mjs';
import { seriesOf, toRow } from '../lib/rows.mjs';

const KEYS = someKeys(512);

/** A value this process holds in memory, read without a promise; no peer has such a call. */
export const l1Peek = {
  id: 'l1-peek',
  title: 'memory hit, peek',
  async run({ redis, turns }) {
    const caches = await openAll(['tickbridge', 'lru-cache', 'Map'], { redis, use: 'memory' });
    for (const cache of caches) await fill(cache, KEYS);
    const results = await takeTurns(
      caches.map(({ name, peek }) => ({ name, run: fresh(loop, name)(peek, KEYS) })),
      turns,
    );
    await closeAll(caches);
    return [
      toRow({
        id: 'l1-peek',
        work: 'memory hit, synchronous peek',
        unit: 'hits/s',
        better: 'more',
        series: seriesOf(results, 'perSecond'),
        limit: 'lru-cache',
        yardsticks: ['Map'],
        goal: { text: '≥ 0.5 of the limit', reached: ({ toLimit }) => toLimit >= 0.5 },
      }),
    ];
  },
};

const loop = (peek, keys) => (count) => {
  let sum = 0;
  for (let at = 0; at < count; at += 1) sum += peek(keys[at & 511]).sequence;
  return sum;
};
