/** Middle of the numbers; of an even count the lower one, so that the result was really measured. */
export const median = (numbers) => percentile(numbers, 0.5);

/** Smallest number that at least this part (0 to 1) of the numbers does not exceed. */
export function percentile(numbers, part) {
  const sorted = Float64Array.from(numbers).sort();
  if (sorted.length === 0) return Number.NaN;
  return sorted[Math.max(0, Math.ceil(part * sorted.length) - 1)];
}
