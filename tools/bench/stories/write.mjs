import { closeAll, openAll } from '../contestants/index.mjs';
import { quote, someKeys } from '../lib/payloads.mjs';
import { takeTurnsAlone } from '../lib/rounds.mjs';
import { seriesOf, toRow } from '../lib/rows.mjs';

const KEYS = someKeys(1_000);
const LIMIT = { limit: 'ioredis', yardsticks: ['ioredis-autopipelining'] };

/** One caller writes, each after the other; libraries that tell other processes do so. */
export const write = {
  id: 'write',
  title: 'write, one caller',
  async run({ redis, turns }) {
    const coherent = ['tickbridge', 'node-redis', 'bentocache', 'cacheable', 'cache-manager'];
    const caches = [
      ...(await openAll(coherent, { redis, use: 'tiered' })),
      ...(await openAll(['ioredis', 'ioredis-autopipelining', 'redis-yet'], { redis, use: 'shared' })),
    ];
    const results = await takeTurnsAlone(
      caches.map(({ name, set }) => ({ name, once: (at) => set(KEYS[at % KEYS.length], quote(at)) })),
      turns,
    );
    await closeAll(caches);
    return [
      toRow({
        id: 'write-rate',
        work: 'write, one caller, invalidation included',
        unit: 'writes/s',
        better: 'more',
        series: seriesOf(results, 'perSecond'),
        ...LIMIT,
        goal: { text: '≥ 0.9 of the limit', reached: ({ toLimit }) => toLimit >= 0.9 },
      }),
      toRow({
        id: 'write-p50',
        work: 'write, one caller, p50',
        unit: 'µs',
        better: 'less',
        series: seriesOf(results, 'p50Micros'),
        ...LIMIT,
      }),
    ];
  },
};
