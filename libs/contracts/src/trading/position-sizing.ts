import { z } from 'zod';
import { candleIntervalSchema } from '../market/bar';
import { feedNameSchema } from '../market/feed-names';
import { isoTime } from '../platform/time';
import { orderSideSchema } from './order';

const price = z.number().positive().max(1e9);
const common = {
  accountId: z.string().min(1).max(64),
  /** Its limits cap the size; absent when the size is of no strategy. */
  strategy: z.string().min(1).max(100).optional(),
  symbol: z.string().min(1).max(50),
  side: orderSideSchema.default('BUY'),
  /** Feed of the symbol; the account's own when absent. */
  feed: feedNameSchema.optional(),
  /** Price of the entry; the newest known price when absent. */
  entryPrice: price.optional(),
};
/** Part of the equity that may be lost when the stop is hit. */
const riskFraction = z.number().positive().max(1).default(0.005);

/** `POST /api/v1/position-sizing`. */
export const positionSizingRequestSchema = z.discriminatedUnion('method', [
  /** As much as loses `riskFraction` of the equity at the stop. */
  z.strictObject({ method: z.literal('fixed-risk'), ...common, riskFraction, stopPrice: price }),
  /** The same with a stop some average true ranges away. */
  z.strictObject({
    method: z.literal('atr'),
    ...common,
    riskFraction,
    /** Stop distance in average true ranges. */
    atrMultiple: z.number().positive().max(50).default(2),
    atrPeriods: z.number().int().min(2).max(200).default(14),
    interval: candleIntervalSchema.default('1m'),
    /** Bars to measure, oldest first; the recorded candles when absent. */
    bars: z
      .array(z.strictObject({ high: price, low: price, close: price }))
      .max(1_000)
      .optional(),
  }),
  /** As much as the value buys. */
  z.strictObject({
    method: z.literal('fixed-notional'),
    ...common,
    notional: z.number().positive().max(1e12),
  }),
]);

export const positionSizeSchema = z.object({
  method: z.enum(['fixed-risk', 'atr', 'fixed-notional']),
  symbol: z.string(),
  /** Whole lots; 0 when nothing fits. */
  quantity: z.number().nonnegative(),
  entryPrice: z.number().positive(),
  stopPrice: z.number().nullable(),
  stopDistance: z.number().nullable(),
  /** Average true range behind the stop; `null` for other methods. */
  atr: z.number().nullable(),
  /** Value of the quantity, and what is lost when the stop is hit, charges of entry and exit included. */
  notional: z.number(),
  riskAmount: z.number().nullable(),
  currency: z.string(),
  equity: z.number(),
  /** What bound the size, and the most each bound allowed before rounding to lots. */
  boundBy: z.string(),
  bounds: z.record(z.string(), z.number()),
  computedAt: isoTime,
});

export const positionSizingAnswerSchema = positionSizeSchema.extend({
  /** True when the answer was computed for the same inputs before. */
  cached: z.boolean(),
  ageMs: z.number().nonnegative(),
});

export type PositionSizingRequest = z.infer<typeof positionSizingRequestSchema>;
export type PositionSize = z.infer<typeof positionSizeSchema>;
export type PositionSizingAnswer = z.infer<typeof positionSizingAnswerSchema>;
