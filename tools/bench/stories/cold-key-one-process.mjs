import { closeAll, openAll } from '../contestants/index.mjs';
import { quote } from '../lib/payloads.mjs';
import { toRow } from '../lib/rows.mjs';

const NAMES = ['tickbridge', 'node-redis', 'bentocache', 'cacheable', 'cache-manager'];
const CALLERS = 1_000;
const LOADING_MS = 50;

/** A thousand callers of one process ask for a key nobody has: how often is it loaded? */
export const coldKeyOneProcess = {
  id: 'cold-key',
  title: 'cold key, 1,000 callers',
  async run({ redis, times }) {
    const caches = await openAll(NAMES, { redis, use: 'tiered' });
    const runs = Object.fromEntries(NAMES.map((name) => [name, []]));
    for (let round = 0; round < times(10); round += 1) {
      for (const { name, getOrLoad } of caches) runs[name].push(await loaderRuns(getOrLoad, `cold-${round}`));
    }
    await closeAll(caches);
    return [
      toRow({
        id: 'cold-key',
        work: 'cold key, 1,000 callers in one process, most loader runs',
        unit: 'runs',
        better: 'less',
        series: mostOf(runs),
        goal: { text: '1', reached: ({ ours }) => ours === 1 },
        notes: { 'node-redis': 'has no loader: get, load, set by hand' },
      }),
    ];
  },
};

async function loaderRuns(getOrLoad, key) {
  let count = 0;
  const loader = async () => {
    count += 1;
    await new Promise((resolve) => setTimeout(resolve, LOADING_MS));
    return quote(7);
  };
  const answers = await Promise.all(Array.from({ length: CALLERS }, () => getOrLoad(key, loader)));
  if (answers.some((answer) => answer?.sequence !== 7)) throw new Error('a caller got no value');
  return count;
}

/** A load too many is one too many, however seldom. */
export const mostOf = (runs) =>
  Object.fromEntries(
    Object.entries(runs).map(([name, counts]) => [name, counts.length > 0 ? [Math.max(...counts)] : []]),
  );
