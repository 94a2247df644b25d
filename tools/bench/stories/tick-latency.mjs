import { setTimeout as sleep } from 'node:timers/promises';
import { until } from '../../lib/processes.mjs';
import { toRow } from '../lib/rows.mjs';
import { percentile } from '../lib/statistics.mjs';
import { aTick, symbols } from '../lib/ticks.mjs';
import { startWorker } from '../lib/workers.mjs';
import { wire, WIRES } from '../wires/index.mjs';

const PER_SECOND = 2_000;

/** At 2,000 ticks a second: from the producer's hand to the callback in another process. */
export const tickLatency = {
  id: 'tick-latency',
  title: 'tick latency at 2,000/s',
  async run({ redis, times, progress }) {
    const rows = [];
    for (const count of [175, 5_000]) {
      const delays = {};
      for (const { name } of WIRES) {
        // Seven awaited commands per tick and a reader of 5,000 fields cannot follow: that is what it is replaced for.
        if (name === 'original' && count > 175) continue;
        progress(`${name}, ${count} symbols`);
        delays[name] = await delaysOf(name, redis, symbols(count), times(4_000));
      }
      const part = (at) =>
        Object.fromEntries(Object.entries(delays).map(([name, found]) => [name, [percentile(found, at)]]));
      const row = { unit: 'ms', better: 'less', limit: 'by hand', yardsticks: ['original'] };
      rows.push(
        toRow({
          ...row,
          id: `tick-latency-${count}-p50`,
          work: `tick latency at 2,000/s, ${count} symbols, p50`,
          series: part(0.5),
          goal: { text: '≤ 0.5 ms', reached: ({ ours }) => ours <= 0.5 },
        }),
        toRow({
          ...row,
          id: `tick-latency-${count}-p99`,
          work: `tick latency at 2,000/s, ${count} symbols, p99`,
          series: part(0.99),
          goal: { text: '≤ 5 ms', reached: ({ ours }) => ours <= 5 },
        }),
      );
    }
    return rows;
  },
};

async function delaysOf(name, redis, names, count) {
  const reader = await startWorker({ story: 'tick-latency.mjs', contestant: 'Map', redis, use: 'memory' });
  await reader.ask('listen', { redis, name });
  const writer = await wire(name).open(redis);
  const sent = new Map();
  const warmUp = names.length + 500;
  const began = performance.now();
  for (let sequence = 1; sequence <= warmUp + count; sequence += 1) {
    // The warm-up goes as fast as it can: every symbol is known before the clock counts.
    const dueMs = Math.max(0, sequence - warmUp) * (1_000 / PER_SECOND);
    if (sequence === warmUp + 1) await sleep(300);
    const start = sequence <= warmUp ? began : (sent.start ??= performance.now() - dueMs);
    const early = start + dueMs - performance.now();
    if (early > 1) await sleep(early);
    if (sequence > warmUp) sent.set(sequence, process.hrtime.bigint());
    await writer.send(aTick(names[sequence % names.length], sequence));
  }
  await until(() => reader.ask('newest').then((newest) => newest >= warmUp + count - names.length));
  await sleep(200);
  const seen = await reader.ask('seen');
  await reader.stop();
  await writer.close();
  return seen
    .filter(([sequence]) => sent.has(sequence))
    .map(([sequence, at]) => Number(BigInt(at) - sent.get(sequence)) / 1e6);
}

export const tasks = {
  async listen(state, { redis, name }) {
    state.seen = [];
    await wire(name).listen(redis, ({ sequence }) =>
      state.seen.push([sequence, String(process.hrtime.bigint())]),
    );
  },
  newest: ({ seen }) => seen.reduce((most, [sequence]) => Math.max(most, sequence), 0),
  seen: ({ seen }) => seen,
};
