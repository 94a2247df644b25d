import type { RiskLimits } from '@tickbridge/contracts';
import type { Money } from '../money/money';
import { fixedRiskQuantity } from './fixed-risk';

/** How entries are sized, in backtest, paper and live trading alike. */
export const ENTRY_SIZING = {
  /** Part of the equity that a stopped-out position may cost. */
  riskFraction: 0.005,
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
  lotSize: number;
}

/** Quantity of an entry: fixed risk, capped by limits and buying power; 0 when nothing fits. */
export function entryQuantity({
  equity,
  grossExposure,
  limits,
  entryPrice,
  stopPrice,
  lotSize,
}: EntryInput): number {
  return fixedRiskQuantity({
    equity,
    riskFraction: ENTRY_SIZING.riskFraction,
    entryPrice,
    stopPrice,
    lotSize,
    caps: {
      quantity: limits.maxOrderQuantity,
      notional: Math.min(limits.maxOrderNotional, limits.maxSymbolNotional),
      buyingPower: equity.minus(grossExposure).times(ENTRY_SIZING.buyingPowerShare),
    },
  });
}
