import { ABSENT, formatBytes, formatRate } from './numbers';

/** With fewer reads a rate says more about chance than about the cache. */
const ENOUGH_READS = 100;

/** Share of reads that were hits, once there are enough of them to tell. */
export function hitRateOf(hits: number, misses: number): string | null {
  const reads = hits + misses;
  return reads < ENOUGH_READS ? null : formatRate(hits / reads);
}

/** `12.3 MB of 2.00 GB`; a server without a limit tells 0. */
export function formatUse(usedBytes: number | undefined, maxBytes: number | undefined): string {
  if (usedBytes === undefined || maxBytes === undefined) return ABSENT;
  return maxBytes === 0 ? formatBytes(usedBytes) : `${formatBytes(usedBytes)} of ${formatBytes(maxBytes)}`;
}

/** `850 µs`, `12.4 ms`, `1.25 s`. */
export function formatDuration(microseconds: number): string {
  if (microseconds < 1_000) return `${microseconds} µs`;
  if (microseconds < 999_950) return `${(microseconds / 1_000).toFixed(1)} ms`;
  return `${(microseconds / 1e6).toFixed(2)} s`;
}
