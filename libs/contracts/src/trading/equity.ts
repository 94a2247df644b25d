import { z } from 'zod';
import { isoTime } from '../platform/time';
import { moneySchema } from './portfolio';

export const equityIntervalSchema = z.enum(['10s', '1m', '5m', '15m', '1h', '1d']);
export type EquityInterval = z.infer<typeof equityIntervalSchema>;

export const EQUITY_INTERVAL_MS: Readonly<Record<EquityInterval, number>> = {
  '10s': 10_000,
  '1m': 60_000,
  '5m': 300_000,
  '15m': 900_000,
  '1h': 3_600_000,
  '1d': 86_400_000,
};

export const equityPointSchema = z.object({
  /** When it was measured; the last measurement of its interval. */
  at: isoTime,
  /** Of an account its equity; of a strategy its profit after fees. */
  equity: moneySchema,
  /** How far it is below the highest value up to then. */
  drawdown: moneySchema,
  grossExposure: moneySchema,
});

/** `GET /api/v1/portfolio/equity`: measured, never interpolated; where nothing was held there are no points. */
export const equityCurveSchema = z.object({
  accountId: z.string(),
  currency: z.string(),
  /** `null` for the account as a whole. */
  strategy: z.string().nullable(),
  interval: equityIntervalSchema,
  /** Largest fall from a peak among the points; `null` without points. */
  maxDrawdown: moneySchema.nullable(),
  /** Oldest first. */
  points: z.array(equityPointSchema),
});
export type EquityPoint = z.infer<typeof equityPointSchema>;
export type EquityCurve = z.infer<typeof equityCurveSchema>;

/** `GET /api/v1/portfolio/strategies`: what each strategy has made of an account. */
export const strategyPortfolioSchema = z.object({
  accountId: z.string(),
  strategy: z.string(),
  openPositions: z.number().int().nonnegative(),
  realizedProfit: moneySchema,
  /** `null` when a position has no price. */
  unrealizedProfit: moneySchema.nullable(),
  fees: moneySchema,
  /** Realised and unrealised, after fees. */
  netProfit: moneySchema.nullable(),
  grossExposure: moneySchema.nullable(),
  netExposure: moneySchema.nullable(),
  /** Round trips with a profit or a loss, every charge of entry and exit taken off. */
  wins: z.number().int().nonnegative(),
  losses: z.number().int().nonnegative(),
  /** How far the net profit is below its highest value. */
  drawdown: moneySchema.nullable(),
});
export type StrategyPortfolio = z.infer<typeof strategyPortfolioSchema>;

/** `GET /api/v1/portfolio/days`: trading days with fills or open positions, newest first. */
export const portfolioDaySchema = z.object({
  accountId: z.string(),
  /** Date on the market's clock. */
  day: z.iso.date(),
  startsAt: isoTime,
  endsAt: isoTime,
  /** False for the day that goes on. */
  closed: z.boolean(),
  openingEquity: moneySchema.nullable(),
  /** `null` when something was held whose price nobody knew. */
  closingEquity: moneySchema.nullable(),
  highEquity: moneySchema.nullable(),
  lowEquity: moneySchema.nullable(),
  /** Largest fall from a high of the day, money paid in and out left out. */
  maxDrawdown: moneySchema.nullable(),
  /** Deposits less withdrawals of the day. */
  paidIn: moneySchema,
  realizedProfit: moneySchema,
  fees: moneySchema,
  fills: z.number().int().nonnegative(),
});
export type PortfolioDay = z.infer<typeof portfolioDaySchema>;

/** `GET /api/v1/portfolio/check`: the stored books against the fold of all fills. */
export const booksCheckSchema = z.object({
  accountId: z.string(),
  agrees: z.boolean(),
  fills: z.number().int().nonnegative(),
  positions: z.number().int().nonnegative(),
  days: z.number().int().nonnegative(),
  /** What is stored otherwise than the fills say. */
  differences: z.array(
    z.object({
      what: z.string(),
      stored: z.string().nullable(),
      /** What the fills give. */
      computed: z.string().nullable(),
    }),
  ),
  checkedAt: isoTime,
});
export type BooksCheck = z.infer<typeof booksCheckSchema>;
