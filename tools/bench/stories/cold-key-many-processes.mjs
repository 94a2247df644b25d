import { quote } from '../lib/payloads.mjs';
import { toRow } from '../lib/rows.mjs';
import { startWorker } from '../lib/workers.mjs';
import { mostOf } from './cold-key-one-process.mjs';

const NAMES = ['tickbridge', 'node-redis', 'bentocache', 'cacheable', 'cache-manager'];
const CALLERS = 250;
const LOADING_MS = 50;
/** All processes begin at one moment, this long after they were told (milliseconds). */
const LEAD_MS = 20;

/** Callers in several processes ask at the same moment for a key nobody has. */
export const coldKeyManyProcesses = {
  id: 'cold-key-processes',
  title: 'cold key in several processes',
  async run({ redis, times, progress }) {
    const runs = { 2: {}, 4: {} };
    for (const contestant of NAMES) {
      progress(contestant);
      const order = { story: 'cold-key-many-processes.mjs', contestant, redis, use: 'tiered' };
      const workers = await Promise.all(Array.from({ length: 4 }, () => startWorker(order)));
      for (const processes of [2, 4]) {
        const counts = (runs[processes][contestant] = []);
        for (let round = 0; round < times(10); round += 1) {
          counts.push(await loaderRuns(workers.slice(0, processes), `cold-${processes}-${round}`));
        }
      }
      await Promise.all(workers.map((worker) => worker.stop()));
    }
    return [2, 4].map((processes) =>
      toRow({
        id: `cold-key-${processes}-processes`,
        work: `cold key, ${processes} processes with ${CALLERS} callers each, most loader runs`,
        unit: 'runs',
        better: 'less',
        series: mostOf(runs[processes]),
        goal: { text: '1', reached: ({ ours }) => ours === 1 },
      }),
    );
  },
};

async function loaderRuns(workers, key) {
  const atMs = Date.now() + LEAD_MS;
  const counts = await Promise.all(workers.map((worker) => worker.ask('load', { key, atMs })));
  return counts.reduce((sum, count) => sum + count, 0);
}

export const tasks = {
  async load({ cache }, { key, atMs }) {
    let count = 0;
    const loader = async () => {
      count += 1;
      await new Promise((resolve) => setTimeout(resolve, LOADING_MS));
      return quote(7);
    };
    await new Promise((resolve) => setTimeout(resolve, atMs - Date.now()));
    const answers = await Promise.all(Array.from({ length: CALLERS }, () => cache.getOrLoad(key, loader)));
    if (answers.some((answer) => answer?.sequence !== 7)) throw new Error('a caller got no value');
    return count;
  },
};
