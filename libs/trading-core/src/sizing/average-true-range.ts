import { ATR } from '../indicators';

/** What a true range is measured on. */
export interface RangeBar {
  high: number;
  low: number;
  close: number;
}

/**
 * Average true range of the bars (Wilder's smoothing), oldest first.
 *
 * @returns `undefined` when there are not enough bars for the periods
 */
export function averageTrueRange(bars: readonly RangeBar[], periods: number): number | undefined {
  const range = new ATR(periods);
  for (const bar of bars) range.add(bar);
  return range.getResult() ?? undefined;
}
