import { z } from 'zod';
import { feedNameSchema } from '../market/asset-class';
import { lineOfText } from '../platform/text';
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
  /** The stored order that asks; `null` for a question without an order. */
  orderId: z.uuid().nullable().default(null),
  signalId: z.uuid(),
  accountId: z.string().min(1),
  strategy: z.string().min(1),
  symbol: z.string().min(1),
  side: orderSideSchema,
  type: orderTypeSchema,
  quantity: z.number().positive(),
  limitPrice: z.number().positive().nullable().default(null),
  /** Close of the bar behind the signal; with it a second order for the same bar is found. */
  barTime: isoTime.nullable().default(null),
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

/** Beyond these a limit limits nothing and is most likely a slip. */
const MAX_MONEY = 1e12;
const MAX_COUNT = 1_000_000;

const limit = z.number().positive().max(MAX_MONEY);
const countLimit = z.number().int().positive().max(MAX_COUNT);

/** Limits of one scope; the tightest of all that apply wins. */
export const riskLimitsSchema = z.object({
  maxOrderQuantity: limit,
  maxOrderNotional: limit,
  maxSymbolNotional: limit,
  maxGrossExposure: limit,
  maxOpenOrders: countLimit,
  maxOrdersPerDay: countLimit,
  maxOrdersPerMinute: countLimit,
  /** Realised plus unrealised, IST day, in the account's currency. */
  maxDailyLoss: limit,
  /** A price older than this is stale. */
  maxPriceAgeMs: z.number().int().positive().max(3_600_000),
  /** Largest distance of a limit price from the last price, percent. */
  priceCollarPercent: z.number().positive().max(100),
});

/** What a set of limits binds. The global scope replaces the defaults; every other scope can only tighten. */
export const riskScopeSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('global') }),
  z.strictObject({ kind: z.enum(['account', 'strategy', 'symbol']), key: z.string().min(1).max(100) }),
]);

export const riskLimitsChangeSchema = z.strictObject({
  by: lineOfText(100),
  reason: lineOfText(500),
  scope: riskScopeSchema.default({ kind: 'global' }),
  limits: riskLimitsSchema
    .partial()
    .strict()
    .refine((limits) => Object.keys(limits).length > 0, { message: 'expected at least one limit' }),
});

/** `GET /api/v1/risk/limits`. */
export const riskLimitsAnswerSchema = z.object({
  /** In force for the account, strategy and symbol asked about. */
  limits: riskLimitsSchema,
  defaults: riskLimitsSchema,
  currency: z.string(),
  /** What people set, newest first. */
  overrides: z.array(
    z.object({
      scope: riskScopeSchema,
      limits: riskLimitsSchema.partial(),
      changedBy: z.string(),
      reason: z.string(),
      changedAt: isoTime,
    }),
  ),
});

export type MarketSnapshot = z.infer<typeof marketSnapshotSchema>;
export type RiskCheckRequest = z.infer<typeof riskCheckRequestSchema>;
export type RiskDecision = z.infer<typeof riskDecisionSchema>;
export type RiskLimits = z.infer<typeof riskLimitsSchema>;
export type RiskScope = z.infer<typeof riskScopeSchema>;
export type RiskLimitsAnswer = z.infer<typeof riskLimitsAnswerSchema>;
export type RiskLimitsChange = z.infer<typeof riskLimitsChangeSchema>;
