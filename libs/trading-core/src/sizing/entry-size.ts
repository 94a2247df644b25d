import type { Instrument, RiskLimits } from '@tickbridge/contracts';
import type { ChargeTerms } from '../charges/charge-table';
import { type Money, money } from '../money/money';
import { fixedRiskQuantity } from './fixed-risk';

/** How entries are sized, in backtest, paper and live trading alike. */
export const ENTRY_SIZING = {
  /**
   * Part of the equity that a stopped-out position may cost, charges included. With stops a quarter of a percent away and
   * further, positions are then smaller than the default limits let them be: the risk decides, limits are for mistakes.
   */
  riskFraction: 0.0005,
  /** Share of the buying power used, so that fees and a moving price do not turn the last order into a denial. */
  buyingPowerShare: 0.98,
} as const;

export interface EntryInput {
  equity: Money;
  /** Value of everything held, longs and shorts added up. */
  grossExposure: Money;
  limits: RiskLimits;
  entryPrice: number;
  stopPrice: number | null;
  instrument: Instrument;
  /** What entry and exit are charged. */
  charges: ChargeTerms;
}

/**
 * Quantity of an entry: fixed risk, capped by limits, buying power and the most the exchange takes.
 *
 * @returns 0 when nothing fits, when less than the exchange takes would, and when the instrument's lot is not known
 */
export function entryQuantity({
  equity,
  grossExposure,
  limits,
  entryPrice,
  stopPrice,
  instrument,
  charges,
}: EntryInput): number {
  const { quantityStep, maxQuantity, maxMarketQuantity, freezeQuantity } = instrument;
  if (quantityStep === null) return 0;
  const most = Math.min(
    ...[maxQuantity, maxMarketQuantity, freezeQuantity].map((bound) => bound ?? Infinity),
  );
  const quantity = fixedRiskQuantity({
    equity,
    riskFraction: ENTRY_SIZING.riskFraction,
    entryPrice,
    stopPrice,
    lotSize: quantityStep,
    charges,
    caps: {
      quantity: Math.min(limits.maxOrderQuantity, limits.freezeQuantity, most),
      notional: Math.min(limits.maxOrderNotional, limits.maxSymbolNotional),
      buyingPower: equity.minus(grossExposure).times(ENTRY_SIZING.buyingPowerShare),
    },
  });
  return isTaken(instrument, quantity, entryPrice) ? quantity : 0;
}

/** Whether an order is not too small for the exchange. */
export function isTaken(
  { minQuantity, minNotional }: Pick<Instrument, 'minQuantity' | 'minNotional'>,
  quantity: number,
  price: number,
): boolean {
  return (
    quantity >= (minQuantity ?? 0) &&
    money(price)
      .times(quantity)
      .gte(minNotional ?? 0)
  );
}
