import type { ChargeTerms } from '../charges/charge-table';
import { Money, money, type MoneyInput } from '../money/money';
import { lotsAtRisk } from './risk-quantity';

/** Inputs of the fixed-risk size. Money in the account's currency. */
export interface FixedRiskInput {
  equity: MoneyInput;
  /** Part of the equity that may be lost when the stop is hit, 0 to 1. */
  riskFraction: number;
  entryPrice: MoneyInput;
  /** `null` when the strategy names no stop: then the caps alone decide, and risk is not bounded by a stop. */
  stopPrice: MoneyInput | null;
  /** Quantities are whole multiples of this. */
  lotSize: number;
  /** Charges of entry and exit are part of what is lost at the stop; without them only the distance counts. */
  charges?: ChargeTerms | undefined;
  caps: {
    quantity: MoneyInput;
    notional: MoneyInput;
    /** What may still be spent. */
    buyingPower: MoneyInput;
  };
}

/**
 * Largest quantity at which a hit stop loses no more than `riskFraction` of the equity, charges of entry and exit
 * included, capped by limits and buying power.
 *
 * A stop at the entry price gives zero: a distance of nothing would allow any size.
 *
 * @returns a multiple of the lot, zero when nothing fits
 */
export function fixedRiskQuantity(input: FixedRiskInput): number {
  const { equity, riskFraction, entryPrice, stopPrice, lotSize, caps, charges } = input;
  const price = money(entryPrice);
  if (price.lte(0)) return 0;
  const bounds = [money(caps.quantity), money(caps.notional).div(price), money(caps.buyingPower).div(price)];
  const budget = money(equity).times(riskFraction);
  const stopDistance = stopPrice === null ? undefined : price.minus(stopPrice).abs();
  if (stopDistance) {
    if (stopDistance.isZero()) return 0;
    bounds.push(budget.div(stopDistance));
  }
  const most = Money.min(...bounds)
    .div(lotSize)
    .floor()
    .toNumber();
  const lots =
    stopDistance && charges ? lotsAtRisk(budget, most, lotSize, { price, stopDistance, charges }) : most;
  return lots <= 0 ? 0 : money(lots).times(lotSize).toNumber();
}
