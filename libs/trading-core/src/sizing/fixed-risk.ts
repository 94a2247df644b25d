import { Money, money, type MoneyInput } from '../money/money';

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
  caps: {
    quantity: MoneyInput;
    notional: MoneyInput;
    /** What may still be spent. */
    buyingPower: MoneyInput;
  };
}

/**
 * Quantity at which a hit stop loses `riskFraction` of the equity: `floor(equity * riskFraction / stopDistance, lot)`,
 * capped by limits and buying power.
 *
 * A stop at the entry price gives zero: a distance of nothing would allow any size.
 *
 * @returns a multiple of the lot, zero when nothing fits
 */
export function fixedRiskQuantity(input: FixedRiskInput): number {
  const { equity, riskFraction, entryPrice, stopPrice, lotSize, caps } = input;
  const price = money(entryPrice);
  if (price.lte(0)) return 0;
  const bounds = [money(caps.quantity), money(caps.notional).div(price), money(caps.buyingPower).div(price)];
  if (stopPrice !== null) {
    const distance = price.minus(stopPrice).abs();
    if (distance.isZero()) return 0;
    bounds.push(money(equity).times(riskFraction).div(distance));
  }
  const lots = Money.min(...bounds)
    .div(lotSize)
    .floor();
  return lots.lte(0) ? 0 : lots.times(lotSize).toNumber();
}
