/** The value, held within 0 and 1. */
export function unit(value: number): number {
  return Math.min(1, Math.max(0, value));
}
