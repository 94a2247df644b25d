import { z } from 'zod';
import { feedNameSchema } from '../market/asset-class';
import { isoTime } from '../platform/time';
import { orderSideSchema, orderTypeSchema } from './order';

/** The market the decision is made on, as the asking side sees it. */
export const marketSnapshotSchema = z.strictObject({
  source: feedNameSchema,
  lastPrice: z.number().positive().nullable(),
  bid: z.number().positive().nullable(),
  ask: z.number().positive().nullable(),
  /** Age of the price at `asOf`; `null` when there is no price. */
  ageMs: z.number().nonnegative().nullable(),
});

/** "May this order go?" */
export const riskCheckRequestSchema = z.strictObject({
  signalId: z.uuid(),
  accountId: z.string().min(1),
  strategy: z.string().min(1),
  symbol: z.string().min(1),
  side: orderSideSchema,
  type: orderTypeSchema,
  quantity: z.number().positive(),
  limitPrice: z.number().positive().nullable().default(null),
  market: marketSnapshotSchema,
  /** Prices the account's open positions are valued at, by symbol. */
  marks: z.record(z.string(), z.number().positive()).default({}),
  /** Time of the decision: the wall clock with a live feed, the recorded clock in a replay. */
  asOf: isoTime,
});

export const riskDecisionSchema = z.object({
  approved: z.boolean(),
  /** `APPROVED`, or the stable code of the rule that denied. */
  code: z.string(),
  message: z.string(),
  /** Rule that denied; `null` when approved. */
  rule: z.string().nullable(),
  /** Figures behind a denial, by name. */
  figures: z.record(z.string(), z.union([z.number(), z.string()])),
  decidedAt: isoTime,
  durationMs: z.number().nonnegative(),
});

const limit = z.number().positive();

/** Limits of one scope; the tightest of all that apply wins. */
export const riskLimitsSchema = z.object({
  maxOrderQuantity: limit,
  maxOrderNotional: limit,
  maxSymbolNotional: limit,
  maxGrossExposure: limit,
  maxOpenOrders: z.number().int().positive(),
  maxOrdersPerDay: z.number().int().positive(),
  maxOrdersPerMinute: z.number().int().positive(),
  /** Realised plus unrealised, IST day, in the account's currency. */
  maxDailyLoss: limit,
  /** A price older than this is stale. */
  maxPriceAgeMs: z.number().int().positive(),
  /** Largest distance of a limit price from the last price, percent. */
  priceCollarPercent: z.number().positive().max(100),
});

export const riskLimitsChangeSchema = z.strictObject({
  by: z.string().min(1).max(100),
  reason: z.string().min(1).max(500),
  limits: riskLimitsSchema.partial().strict(),
});

export type MarketSnapshot = z.infer<typeof marketSnapshotSchema>;
export type RiskCheckRequest = z.infer<typeof riskCheckRequestSchema>;
export type RiskDecision = z.infer<typeof riskDecisionSchema>;
export type RiskLimits = z.infer<typeof riskLimitsSchema>;
export type RiskLimitsChange = z.infer<typeof riskLimitsChangeSchema>;
