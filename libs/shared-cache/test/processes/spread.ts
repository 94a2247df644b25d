import type { CacheProcess } from './cache-process';
import { steadyMs } from '../workers/steady';

/**
 * How fast word of a change spreads.
 *
 * Each round all processes hold a key's value; then it is changed.
 *
 * @param inMemory whether a peer is done when its memory let go of the value, or when it no longer serves it at all
 * @param change what changes the key. @returns when that was done (steady milliseconds of the machine)
 * @returns per round and process how long after the change the old value was still seen (ms)
 */
export async function spread(
  processes: readonly CacheProcess[],
  rounds: number,
  inMemory: boolean,
  change: (key: string, round: number) => Promise<number>,
): Promise<number[]> {
  const figures: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const key = `spread-${round}`;
    await processes[0]?.call('set', key, 1);
    await Promise.all(processes.map((each) => each.call('hold', key, 1, inMemory)));
    const watching = processes.map((each) => each.call('watch', key, 1, inMemory));
    const changedAt = await change(key, round);
    for (const goneAt of await Promise.all(watching)) figures.push(Math.max(0, goneAt - changedAt));
  }
  return figures;
}

/** A foreign client's change, with the moment it was answered. */
export const answered = (work: Promise<unknown>) => work.then(() => steadyMs());
