import type { ChargeFile, ChargeRate } from '@tickbridge/contracts';

/** Rows of a file that say different things of the same charge on the same day, each pair in words. */
export function chargeOverlaps(file: ChargeFile): string[] {
  const lists = file.kind === 'levies' ? [file.rates] : file.plans.map(({ rates }) => rates);
  return lists.flatMap((rates) =>
    rates.flatMap((row, index) =>
      rates
        .slice(index + 1)
        .filter((other) => overlap(row, other))
        .map((other) => `${row.item} has two rows on ${row.from > other.from ? row.from : other.from}`),
    ),
  );
}

function overlap(one: ChargeRate, other: ChargeRate): boolean {
  return (
    one.item === other.item &&
    shares(one.segments, other.segments) &&
    shares(one.products, other.products) &&
    (one.side === undefined || other.side === undefined || one.side === other.side) &&
    (one.to === null || other.from <= one.to) &&
    (other.to === null || one.from <= other.to)
  );
}

function shares<Value>(one: readonly Value[], other: readonly Value[]): boolean {
  return one.some((value) => other.includes(value));
}
