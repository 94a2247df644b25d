import { z } from 'zod';
import { feedNameSchema } from '../market/feed-names';
import { lineOfText } from '../platform/text';
import { productSchema } from '../market/instrument';
import { isoTime } from '../platform/time';
import { tokenStatusSchema } from './account';
import { orderSideSchema, orderTypeSchema } from './order';
import { moneySchema } from './portfolio';

/** The market the decision is made on, as the asking side sees it. */
export const marketSnapshotSchema = z.strictObject({
  source: feedNameSchema,
  lastPrice: z.number().positive().nullable(),
  bid: z.number().positive().nullable(),
  ask: z.number().positive().nullable(),
  /** Age of the price at `asOf`; `null` when there is no price. */
  ageMs: z.number().nonnegative().nullable(),
});

/** What is known about a broker at the moment of the question. */
export const brokerFactsSchema = z.strictObject({
  /** State of the account's access token. */
  token: tokenStatusSchema.shape.state,
  /** Whether the broker answered its last call; `null` when it was never asked. */
  reachable: z.boolean().nullable(),
  /** How its list of the day has the symbol: `null` when it lacks it, absent when the list was not read. */
  listing: z
    .strictObject({ lotSize: z.number().positive().nullable(), tickSize: z.number().positive().nullable() })
    .nullish(),
});

/** "May this order go?" */
export const riskCheckRequestSchema = z.strictObject({
  /** The stored order that asks; `null` for a question without an order. */
  orderId: z.uuid().nullable().default(null),
  signalId: z.uuid(),
  accountId: z.string().min(1),
  strategy: z.string().min(1),
  symbol: z.string().min(1),
  /** `null`: the one that an order of this instrument has when nobody names one. */
  product: productSchema.nullable().default(null),
  side: orderSideSchema,
  type: orderTypeSchema,
  quantity: z.number().positive(),
  limitPrice: z.number().positive().nullable().default(null),
  /** Of stop orders. */
  triggerPrice: z.number().positive().nullable().default(null),
  /** It may bring a position down and do nothing else. */
  reduceOnly: z.boolean().default(false),
  /** Close of the bar behind the signal; with it a second order for the same bar is found. */
  barTime: isoTime.nullable().default(null),
  market: marketSnapshotSchema,
  /** Prices the account's open positions are valued at, by symbol. */
  marks: z.record(z.string(), z.number().positive()).default({}),
  /** What the asking side knows of the account's broker; an order of a real account without it is denied. */
  broker: brokerFactsSchema.nullish(),
  /** Time of the decision: the wall clock with a live feed, the recorded clock in a replay. */
  asOf: isoTime,
});

/** Beyond these a limit limits nothing and is most likely a slip. */
const MAX_MONEY = 1e12;
const MAX_COUNT = 1_000_000;
const MAX_PAUSE_MS = 86_400_000;

const limit = z.number().positive().max(MAX_MONEY);
const countLimit = z.number().int().positive().max(MAX_COUNT);
const pause = z.number().int().nonnegative().max(MAX_PAUSE_MS);
const percent = z.number().positive().max(100);

/** Limits of one scope, money in the account's currency; the tightest of all that apply wins. */
export const riskLimitsSchema = z.object({
  maxOrderQuantity: limit,
  maxOrderNotional: limit,
  /** Largest order the exchange takes in one piece; binds exits too. */
  freezeQuantity: limit,
  /** Quantity held and ordered in one symbol, all strategies of the account together. */
  maxPositionQuantity: limit,
  /** Value held and ordered in one symbol, all strategies of the account together. */
  maxSymbolNotional: limit,
  /** Value held and ordered by one strategy of the account: its capital. */
  maxStrategyNotional: limit,
  /** Longs and shorts of the account added up. */
  maxGrossExposure: limit,
  /** Longs less shorts of the account, whatever the sign. */
  maxNetExposure: limit,
  maxOpenOrders: countLimit,
  maxOrdersPerDay: countLimit,
  /** Orders of the day in one symbol. */
  maxOrdersPerSymbol: countLimit,
  /** Refill of the token bucket of submissions, and most within any minute. */
  maxOrdersPerMinute: countLimit,
  /** Size of that bucket: orders that may leave at once. */
  maxOrderBurst: countLimit,
  /** Fall of the equity since the start of the trading day. */
  maxDailyLoss: limit,
  /** Fall of the equity from its peak, percent. */
  maxDrawdownPercent: percent,
  /** Losing trades in a row of one strategy, then it pauses. */
  maxLosingStreak: countLimit,
  /** Pause after a losing streak (milliseconds); the longest wins. */
  losingStreakPauseMs: pause,
  /** Pause of a strategy in a symbol after it left a position there (milliseconds); the longest wins. */
  exitPauseMs: pause,
  /** A price older than this is stale. */
  maxPriceAgeMs: z.number().int().positive().max(3_600_000),
  /** Largest distance of a limit price from the last price, percent. */
  priceCollarPercent: percent,
  /** Largest distance of any price of a stock from its previous close, percent. */
  priceBandPercent: percent,
});

/** What a set of limits binds. The global scope replaces the defaults; every other scope can only tighten. */
export const riskScopeSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('global') }),
  z.strictObject({ kind: z.enum(['account', 'strategy', 'symbol']), key: z.string().min(1).max(100) }),
]);

/** Where a limit in force comes from: a scope that a person set, or the default. */
export const limitOriginSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('default') }),
  z.object({ kind: z.literal('global') }),
  z.object({ kind: z.enum(['account', 'strategy', 'symbol']), key: z.string() }),
]);

export const riskDecisionSchema = z.object({
  approved: z.boolean(),
  /** `APPROVED`, or the stable code of the rule that denied. */
  code: z.string(),
  message: z.string(),
  /** Rule that denied; `null` when approved. */
  rule: z.string().nullable(),
  /** Figures behind a denial, by name. */
  figures: z.record(z.string(), z.union([z.number(), z.string()])),
  /** Limit that was binding, and the scope it comes from; `null` when no limit was. */
  limit: z.object({ name: z.string(), value: z.number(), origin: limitOriginSchema }).nullish(),
  decidedAt: isoTime,
  durationMs: z.number().nonnegative(),
});

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
  /** Which scope each of them comes from, by limit. */
  origins: z.record(z.string(), limitOriginSchema),
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

/** One change of limits in the audit trail. */
export const riskLimitsChangedSchema = z.object({
  /** Rises with every change; `before` of the next page. */
  position: z.number().int().positive(),
  scope: riskScopeSchema,
  /** Limits of the scope before and after; `null` when it had none. */
  before: riskLimitsSchema.partial().nullable(),
  after: riskLimitsSchema.partial(),
  changedBy: z.string(),
  reason: z.string(),
  changedAt: isoTime,
});

/** `GET /api/v1/risk/limits/changes`, newest first. */
export const riskLimitsHistorySchema = z.object({ changes: z.array(riskLimitsChangedSchema) });

/** `POST /api/v1/risk/equity-peaks/:accountId/reset`. */
export const equityPeakResetSchema = z.strictObject({
  by: lineOfText(100),
  reason: lineOfText(500),
  /** Equity from which drawdowns are counted on. */
  equity: limit,
});
export const equityPeakSchema = z.object({ accountId: z.string(), peak: moneySchema, reachedAt: isoTime });

export type EquityPeak = z.infer<typeof equityPeakSchema>;
export type EquityPeakReset = z.infer<typeof equityPeakResetSchema>;
export type BrokerFacts = z.infer<typeof brokerFactsSchema>;
export type LimitOrigin = z.infer<typeof limitOriginSchema>;
export type RiskLimitsHistory = z.infer<typeof riskLimitsHistorySchema>;
export type MarketSnapshot = z.infer<typeof marketSnapshotSchema>;
export type RiskCheckRequest = z.infer<typeof riskCheckRequestSchema>;
export type RiskDecision = z.infer<typeof riskDecisionSchema>;
export type RiskLimits = z.infer<typeof riskLimitsSchema>;
export type RiskScope = z.infer<typeof riskScopeSchema>;
export type RiskLimitsAnswer = z.infer<typeof riskLimitsAnswerSchema>;
export type RiskLimitsChange = z.infer<typeof riskLimitsChangeSchema>;
