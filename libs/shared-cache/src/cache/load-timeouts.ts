import { CacheLoadTimeoutError } from '../contract/shared-cache.errors';
import type { CacheNamespace } from './cache.namespace';
import type { Clock } from './clock';

/**
 * A load's result, awaited as long as the namespace allows: a stale value after the soft time-out, and after the hard
 * one that or an error.
 *
 * @param stale the value that may be served instead, if there is one
 * @throws CacheLoadTimeoutError after `hardTimeoutMs`
 */
export async function withLoadTimeouts<R>(
  { name, softTimeoutMs, hardTimeoutMs }: CacheNamespace<unknown>,
  clock: Clock,
  result: Promise<R>,
  stale: () => R | undefined,
): Promise<R> {
  if (softTimeoutMs === undefined && hardTimeoutMs === undefined) return result;
  const cancels: (() => void)[] = [];
  const impatience = new Promise<R>((resolve, reject) => {
    const takeStale = () => {
      const instead = stale();
      if (instead !== undefined) resolve(instead);
      return instead !== undefined;
    };
    const giveUp = () => {
      if (takeStale()) return;
      reject(new CacheLoadTimeoutError(`${name}: no value within hardTimeoutMs (${hardTimeoutMs} ms)`));
    };
    if (softTimeoutMs !== undefined) cancels.push(clock.after(softTimeoutMs, takeStale));
    if (hardTimeoutMs !== undefined) cancels.push(clock.after(hardTimeoutMs, giveUp));
  });
  try {
    return await Promise.race([result, impatience]);
  } finally {
    for (const cancel of cancels) cancel();
  }
}
