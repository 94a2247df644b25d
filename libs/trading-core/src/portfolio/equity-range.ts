import { money, Money, type MoneyInput, ZERO } from '../money/money';
import { drawdown } from './equity-measures';

/** High, low and the largest fall from a high of a stretch of equity. */
export interface EquityRange {
  high: Money;
  low: Money;
  last: Money;
  maxDrawdown: Money;
}

/**
 * Measures a stretch of equity, oldest first.
 *
 * @param opening equity before the first value, if it is known
 * @returns `undefined` when there is nothing to measure
 */
export function equityRange(values: Iterable<MoneyInput>, opening?: MoneyInput): EquityRange | undefined {
  let range: EquityRange | undefined;
  const all = opening === undefined ? values : [opening, ...values];
  for (const value of all) {
    const equity = money(value);
    if (!range) {
      range = { high: equity, low: equity, last: equity, maxDrawdown: ZERO };
      continue;
    }
    const { peak: high, amount } = drawdown(equity, range.high);
    range = {
      high,
      low: Money.min(range.low, equity),
      last: equity,
      maxDrawdown: Money.max(range.maxDrawdown, amount),
    };
  }
  return range;
}
