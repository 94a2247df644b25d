import { Money, money, type MoneyInput } from '../money/money';
import { lotsAtRisk, type RiskOfPosition } from './risk-quantity';

/** Quantity before rounding that each bound allows, by name. */
export type SizeBounds = Readonly<Record<string, Money>>;

export interface SizedPosition {
  /** Whole lots; 0 when nothing fits. */
  quantity: number;
  /** The bound that was smallest. */
  boundBy: string;
}

/**
 * Most that may be lost at the stop, as a quantity; a stop at the entry allows nothing, not everything.
 *
 * Where charges are known they are part of the loss, and the quantity is one of whole lots.
 */
export function riskBound(
  equity: MoneyInput,
  riskFraction: number,
  lotSize: number,
  risk: RiskOfPosition,
): Money {
  const distance = money(risk.stopDistance).abs();
  if (distance.isZero()) return money(0);
  const budget = money(equity).times(riskFraction);
  const most = budget.div(distance);
  if (!risk.charges) return most;
  const lots = lotsAtRisk(budget, most.div(lotSize).floor().toNumber(), lotSize, {
    ...risk,
    stopDistance: distance,
  });
  return money(lots).times(lotSize);
}

/** Smallest of the bounds, rounded down to whole lots. */
export function boundedSize(bounds: SizeBounds, lotSize: number): SizedPosition {
  let boundBy = 'nothing';
  let smallest: Money | undefined;
  for (const [name, bound] of Object.entries(bounds)) {
    if (smallest && bound.gte(smallest)) continue;
    smallest = bound;
    boundBy = name;
  }
  if (!smallest) return { quantity: 0, boundBy };
  const lots = smallest.div(lotSize).floor();
  return { quantity: Money.max(lots, 0).times(lotSize).toNumber(), boundBy };
}
