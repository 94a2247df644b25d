import { z } from 'zod';
import { productSchema } from '../market/instrument';
import { candleIntervalSchema, timeframeSchema } from '../market/bar';
import { feedNameSchema } from '../market/feed-names';
import { isoTime } from '../platform/time';
import { chargePlanSchema } from './charge-table';
import { exitSettingsSchema } from './exits';
import { fillAssumptionsSchema } from './fill-assumptions';
import { orderSideSchema, orderStatusSchema } from './order';
import { moneySchema } from './portfolio';
import { riskLimitsSchema } from './risk';
import { leastEdgeSchema } from './strategy';
import { roundTripSchema, tradeStatisticsSchema } from './round-trip';

/** Bars a backtest runs on. Recordings are named by the service's configuration, never by a request. */
export const backtestDataSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('candles'),
    feed: feedNameSchema,
    symbols: z.array(z.string().min(1).max(50)).min(1).max(200),
    interval: candleIntervalSchema.default('5s'),
    /** First candle's open, inclusive, and end, exclusive. */
    from: isoTime,
    to: isoTime,
  }),
  z.strictObject({
    kind: z.literal('recording'),
    /** Only these symbols; all of the recording when absent. */
    symbols: z.array(z.string().min(1).max(50)).min(1).max(200).optional(),
  }),
]);

/** `POST /api/v1/backtests`. */
export const backtestRequestSchema = z.strictObject({
  data: backtestDataSchema,
  /** Strategies that run, in this order, with changes against their defaults. */
  strategies: z
    .array(
      z.strictObject({
        id: z.string().min(1).max(100),
        parameters: z.record(z.string(), z.number()).default({}),
        /** Length of its bars, no shorter than those of the data; absent: its default, or that of the data if longer. */
        timeframe: timeframeSchema.optional(),
        /** Absent: its default. */
        leastEdge: leastEdgeSchema.optional(),
        /** How the platform ends its positions; what is absent is the default. */
        exits: exitSettingsSchema.optional(),
        /** What its positions are held as; absent: what each instrument offers first. */
        product: productSchema.optional(),
      }),
    )
    .min(1)
    .max(20),
  /** Account the run pretends to have. */
  account: z
    .strictObject({
      id: z.string().min(1).max(64).default('PAPER_TRADER_001'),
      capital: z.number().positive().max(1e12),
      /** What its trades are charged by, `zerodha/standard`; absent: the plan of accounts that name none. */
      chargePlan: chargePlanSchema.optional(),
    })
    .optional(),
  /** Changes against the default limits of the currency. */
  limits: riskLimitsSchema.partial().strict().default({}),
  /** Assumptions of the paper market. */
  fills: fillAssumptionsSchema.optional(),
});

export const backtestStatusSchema = z.enum([
  'queued',
  'running',
  'completed',
  'failed',
  'cancelled',
  'interrupted',
]);

export const backtestOrderSchema = z.object({
  id: z.string(),
  signalId: z.string(),
  symbol: z.string(),
  strategy: z.string(),
  side: orderSideSchema,
  quantity: z.number(),
  status: orderStatusSchema,
  averagePrice: z.number().nullable(),
  /** Fees of all its fills. */
  fee: moneySchema.nullable(),
  /** Profit of the quantity it closed, before its fees. */
  realized: moneySchema.nullable(),
  rejection: z.object({ code: z.string(), message: z.string() }).nullable(),
  createdAt: isoTime,
});

export const backtestStatisticsSchema = z.object({
  currency: z.string(),
  capital: moneySchema,
  /** Equity at the end; `null` when a held symbol has no price. */
  equity: moneySchema.nullable(),
  realizedProfit: moneySchema,
  fees: moneySchema,
  returnPercent: z.number().nullable(),
  maxDrawdownPercent: z.number(),
  bars: z.number().int(),
  symbols: z.number().int(),
  signals: z.number().int(),
  /** Signals without an order, by reason. */
  withoutOrder: z.record(z.string(), z.number().int()),
  orders: z.number().int(),
  /** Orders filled as a whole. */
  filled: z.number().int(),
  /** Denied orders by code. */
  denied: z.record(z.string(), z.number().int()),
  /** Round trips that were closed; absent in runs that an earlier version stored. */
  trades: tradeStatisticsSchema.optional(),
  openPositions: z.number().int(),
  firstBarAt: isoTime.nullable(),
  lastBarAt: isoTime.nullable(),
});

export const backtestResultSchema = z.object({
  statistics: backtestStatisticsSchema,
  /** Assumptions that its orders were filled by. Absent in runs that an earlier version stored. */
  fills: fillAssumptionsSchema.optional(),
  /** Oldest first; at most 10,000 are kept. */
  orders: z.array(backtestOrderSchema),
  /** How many orders there were beyond those kept. */
  ordersOmitted: z.number().int(),
  /** Closed round trips, oldest first; at most 10,000 are kept. Absent in runs that an earlier version stored. */
  roundTrips: z.array(roundTripSchema).optional(),
  /** Equity over time, at most 1,000 points, evenly picked. */
  equity: z.array(z.object({ at: isoTime, equity: moneySchema })),
});

/** A run as `GET /api/v1/backtests` lists it. */
export const backtestRunSchema = z.object({
  id: z.uuid(),
  status: backtestStatusSchema,
  progressPercent: z.number().min(0).max(100),
  request: backtestRequestSchema,
  error: z.object({ code: z.string(), message: z.string() }).nullable(),
  attempts: z.number().int().nonnegative(),
  createdAt: isoTime,
  startedAt: isoTime.nullable(),
  finishedAt: isoTime.nullable(),
});

/** `GET /api/v1/backtests/:id`; `result` is `null` until the run is completed. */
export const backtestSchema = backtestRunSchema.extend({ result: backtestResultSchema.nullable() });

export type BacktestData = z.infer<typeof backtestDataSchema>;
export type BacktestRequest = z.infer<typeof backtestRequestSchema>;
export type BacktestStatus = z.infer<typeof backtestStatusSchema>;
export type BacktestOrder = z.infer<typeof backtestOrderSchema>;
export type BacktestStatistics = z.infer<typeof backtestStatisticsSchema>;
export type BacktestResult = z.infer<typeof backtestResultSchema>;
export type BacktestRun = z.infer<typeof backtestRunSchema>;
export type Backtest = z.infer<typeof backtestSchema>;
