/** Sums of decimals stay decimals: 0.1 + 0.2 is 0.3. Vendors give quantities with eight places at most. */
export function exactSum(a: number, b: number): number {
  return Math.round((a + b) * 1e8) / 1e8;
}
