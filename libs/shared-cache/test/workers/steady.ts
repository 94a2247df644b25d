/** Milliseconds of the machine's steady clock, the same for all its processes; wall clocks have no part in it. */
export function steadyMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}

/** The figure that 99 of 100 do not exceed. */
export function p99(figures: readonly number[]): number {
  const sorted = [...figures].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * 0.99) - 1)] ?? Number.NaN;
}
