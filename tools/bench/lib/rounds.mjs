import { percentile } from './statistics.mjs';

const WARM_UP_MS = 200;
const SETTLE_MS = 20;

/**
 * Runs contestants in turn, round after round, so that whatever else the machine does meets all of them alike.
 *
 * @param {{ name: string, run: (count: number) => unknown }[]} contestants `run` does the work `count` times
 * @param {{ rounds: number, sliceMs: number, onRound?: (round: number) => void }} options
 * @returns {Promise<Map<string, { perSecond: number[], cpuMicros: number[] }>>} one entry per round: how often the
 * work was done in a second, and how much processor time of this process it took once
 */
export async function takeTurns(contestants, { rounds, sliceMs, onRound }) {
  const counts = new Map();
  for (const contestant of contestants) counts.set(contestant.name, await calibrate(contestant, sliceMs));
  const results = new Map(contestants.map(({ name }) => [name, { perSecond: [], cpuMicros: [] }]));
  for (let round = 0; round < rounds; round += 1) {
    onRound?.(round + 1);
    for (const contestant of rotated(contestants, round)) {
      const count = counts.get(contestant.name);
      const cpu = process.cpuUsage();
      const began = performance.now();
      await contestant.run(count);
      const tookMs = performance.now() - began;
      const { user, system } = process.cpuUsage(cpu);
      const result = results.get(contestant.name);
      result.perSecond.push((count / tookMs) * 1_000);
      result.cpuMicros.push((user + system) / count);
      await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
    }
  }
  return results;
}

/**
 * Like `takeTurns`, for one caller who waits for each answer: also how long the answers took.
 *
 * @param {{ name: string, once: (at: number) => Promise<unknown> }[]} contestants
 * @returns {Promise<Map<string, { perSecond: number[], p50Micros: number[], p99Micros: number[] }>>}
 */
export async function takeTurnsAlone(contestants, options) {
  const timings = new Map(contestants.map(({ name }) => [name, []]));
  const runs = contestants.map(({ name, once }) => ({
    name,
    run: async (count) => {
      const took = new Float64Array(count);
      for (let at = 0; at < count; at += 1) {
        const began = performance.now();
        await once(at);
        took[at] = performance.now() - began;
      }
      timings.get(name).push(took);
    },
  }));
  const results = await takeTurns(runs, options);
  for (const [name, result] of results) {
    // Those of the warm-up come first.
    const measured = timings.get(name).slice(-options.rounds);
    result.p50Micros = measured.map((took) => percentile(took, 0.5) * 1_000);
    result.p99Micros = measured.map((took) => percentile(took, 0.99) * 1_000);
  }
  return results;
}

/** `callers` loops side by side, each waiting for its own answers; together `count` times the work. */
export async function sideBySide(callers, count, once) {
  let next = 0;
  const caller = async () => {
    while (next < count) await once(next++);
  };
  await Promise.all(Array.from({ length: callers }, caller));
}

/** Warms up, and finds how often the work fits into a slice. */
async function calibrate({ run }, sliceMs) {
  let count = 1;
  const began = performance.now();
  for (;;) {
    const sliceBegan = performance.now();
    await run(count);
    const tookMs = performance.now() - sliceBegan;
    const warm = performance.now() - began >= WARM_UP_MS;
    if (warm && tookMs >= sliceMs / 4) return Math.max(1, Math.round((count * sliceMs) / tookMs));
    count = Math.max(count, Math.ceil(count * Math.min(4, sliceMs / Math.max(tookMs, 0.001))));
  }
}

const rotated = (list, by) => [...list.slice(by % list.length), ...list.slice(0, by % list.length)];
