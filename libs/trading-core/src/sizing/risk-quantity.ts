import type { ChargeTerms } from '../charges/charge-table';
import { roundTripCharges, totalOf } from '../charges/charges-of';
import { money, type Money, type MoneyInput, ZERO } from '../money/money';

/** What a stopped-out position of some quantity costs. */
export interface RiskOfPosition {
  readonly price: MoneyInput;
  /** Between entry and stop. */
  readonly stopDistance: MoneyInput;
  /** What entry and exit are charged; without it, nothing. */
  readonly charges?: ChargeTerms | undefined;
}

/** Loss at the stop with the charges of entry and exit, those of the exit at the entry's price. */
export function lossAtStop(quantity: MoneyInput, { price, stopDistance, charges }: RiskOfPosition): Money {
  const cost = charges ? totalOf(roundTripCharges({ quantity, price }, charges)) : ZERO;
  return money(quantity).times(stopDistance).plus(cost);
}

/**
 * Most lots, not above some number, whose loss at the stop stays within a budget. A stop at the entry allows none:
 * a distance of nothing would allow any size.
 */
export function lotsAtRisk(budget: Money, most: number, lotSize: number, risk: RiskOfPosition): number {
  if (money(risk.stopDistance).isZero()) return 0;
  let fits = 0;
  let above = Math.max(0, most) + 1;
  // Charges rise with the quantity, by steps and up to caps: the loss is searched, not solved for.
  while (above - fits > 1) {
    const lots = Math.floor((fits + above) / 2);
    if (lossAtStop(money(lots).times(lotSize), risk).lte(budget)) fits = lots;
    else above = lots;
  }
  return fits;
}
