import { z } from 'zod';
import { isoTime } from '../platform/time';
import { moneySchema } from './portfolio';

/** From flat to flat: all that a strategy did in a symbol between two moments at which it held nothing of it. */
export const roundTripSchema = z.object({
  accountId: z.string(),
  strategy: z.string(),
  symbol: z.string(),
  direction: z.enum(['long', 'short']),
  /** All that was entered and left again. */
  quantity: z.number().positive(),
  /** Average price of all that entered. */
  entryPrice: z.number(),
  exitPrice: z.number(),
  openedAt: isoTime,
  closedAt: isoTime,
  holdingMs: z.number().nonnegative(),
  /** Profit of the prices alone. */
  grossProfit: moneySchema,
  /** Every charge of entry and exit. */
  charges: moneySchema,
  /** What is left of the profit. */
  netProfit: moneySchema,
  /** Net profit in percent of the value that was entered. */
  returnPercent: z.number(),
  /** How far the price went in favour while it was open, percent of the entry price; `null` when no bar of that time is known. */
  bestExcursionPercent: z.number().nullable(),
  /** How far it went against, zero or below. */
  worstExcursionPercent: z.number().nullable(),
  fills: z.number().int().positive(),
});
export type RoundTrip = z.infer<typeof roundTripSchema>;

/** What round trips came to, every charge of entry and exit taken off. Ratios without a denominator are `null`. */
export const tradeStatisticsSchema = z.object({
  trades: z.number().int().nonnegative(),
  wins: z.number().int().nonnegative(),
  losses: z.number().int().nonnegative(),
  /** Neither gained nor lost. */
  breakEven: z.number().int().nonnegative(),
  winRate: z.number().min(0).max(1).nullable(),
  netProfit: moneySchema,
  charges: moneySchema,
  /** Net profits of the winners over net losses of the losers. */
  profitFactor: z.number().nonnegative().nullable(),
  /** Mean net profit of a trade. */
  expectancy: moneySchema.nullable(),
  averageWin: moneySchema.nullable(),
  averageLoss: moneySchema.nullable(),
  largestWin: moneySchema.nullable(),
  largestLoss: moneySchema.nullable(),
  averageHoldingMs: z.number().nonnegative().nullable(),
  /** Means over the trades of which they are known. */
  averageBestExcursionPercent: z.number().nullable(),
  averageWorstExcursionPercent: z.number().nullable(),
});
export type TradeStatistics = z.infer<typeof tradeStatisticsSchema>;

export const statisticsGroupSchema = z.enum(['account', 'strategy', 'symbol', 'day']);
export type StatisticsGroup = z.infer<typeof statisticsGroupSchema>;

/** `GET /api/v1/portfolio/statistics`: one row per group. */
export const groupStatisticsSchema = tradeStatisticsSchema.extend({
  /** Account, strategy, symbol, or date on the market's clock of the day it was closed. */
  group: z.string(),
});
export type GroupStatistics = z.infer<typeof groupStatisticsSchema>;
