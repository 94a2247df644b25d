import type { RiskLimits } from '@tickbridge/contracts';
import type { Currency } from '../instruments/instrument';

const common = {
  maxOpenOrders: 50,
  maxOrdersPerDay: 2_000,
  maxOrdersPerMinute: 120,
  maxPriceAgeMs: 5_000,
  priceCollarPercent: 3,
};

/**
 * Limits of the global scope until a person changes them, by currency of the account: a twentieth of the
 * starting capital per order, a tenth per symbol, the whole of it in total, and a twentieth of it lost in a day.
 */
export const DEFAULT_LIMITS: Readonly<Record<Currency, RiskLimits>> = {
  INR: {
    ...common,
    maxOrderQuantity: 10_000,
    maxOrderNotional: 50_000,
    maxSymbolNotional: 100_000,
    maxGrossExposure: 1_000_000,
    maxDailyLoss: 50_000,
  },
  USDT: {
    ...common,
    maxOrderQuantity: 100_000,
    maxOrderNotional: 5_000,
    maxSymbolNotional: 10_000,
    maxGrossExposure: 100_000,
    maxDailyLoss: 5_000,
  },
};
