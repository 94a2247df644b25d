import type { RiskLimits } from '@tickbridge/contracts';
import type { Currency } from '../instruments/feed-currency';

const common = {
  maxOpenOrders: 50,
  maxOrdersPerDay: 2_000,
  maxOrdersPerSymbol: 200,
  maxOrdersPerMinute: 120,
  maxOrderBurst: 60,
  maxDrawdownPercent: 10,
  maxLosingStreak: 10,
  losingStreakPauseMs: 600_000,
  exitPauseMs: 60_000,
  maxPriceAgeMs: 5_000,
  priceCollarPercent: 3,
  priceBandPercent: 20,
};

/**
 * Bounds no quantity: one coin is worth 60,000 and the next 1e-5, so what crypto orders may be is bounded by their value,
 * and by the most that the exchange takes.
 */
const ANY_QUANTITY = 1_000_000_000_000;

/**
 * Limits of the global scope until a person changes them, by currency of the account: a fifth of the
 * starting capital per order and per symbol, the whole of it in total, a twentieth of it lost in a day, a tenth
 * of the equity lost from its peak. A stock may move 20 % a day, the widest band of the exchange.
 */
export const DEFAULT_LIMITS: Readonly<Record<Currency, RiskLimits>> = {
  INR: {
    ...common,
    maxOrderQuantity: 50_000,
    freezeQuantity: 100_000,
    maxPositionQuantity: 100_000,
    maxOrderNotional: 200_000,
    maxSymbolNotional: 200_000,
    maxStrategyNotional: 1_000_000,
    maxGrossExposure: 1_000_000,
    maxNetExposure: 1_000_000,
    maxDailyLoss: 50_000,
  },
  USDT: {
    ...common,
    maxOrderQuantity: ANY_QUANTITY,
    freezeQuantity: ANY_QUANTITY,
    maxPositionQuantity: ANY_QUANTITY,
    maxOrderNotional: 20_000,
    maxSymbolNotional: 20_000,
    maxStrategyNotional: 100_000,
    maxGrossExposure: 100_000,
    maxNetExposure: 100_000,
    maxDailyLoss: 5_000,
  },
  USD: {
    ...common,
    maxOrderQuantity: 10_000,
    freezeQuantity: 100_000,
    maxPositionQuantity: 20_000,
    maxOrderNotional: 20_000,
    maxSymbolNotional: 20_000,
    maxStrategyNotional: 100_000,
    maxGrossExposure: 100_000,
    maxNetExposure: 100_000,
    maxDailyLoss: 5_000,
  },
};
