import { z } from 'zod';
import {
  equityPeakResetSchema,
  equityPeakSchema,
  riskCheckRequestSchema,
  riskDecisionSchema,
  type RiskLimits,
  riskLimitsAnswerSchema,
  riskLimitsChangeSchema,
  riskLimitsHistorySchema,
} from '../trading/risk';
import { database, unknownAccount } from './common-problems';
import { endpoint } from './endpoint';
import { ACCOUNT } from './examples';
import { accountField, strategyField, symbolField, wholeNumber } from './fields';

const limits: RiskLimits = {
  maxOrderQuantity: 10_000,
  maxOrderNotional: 200_000,
  freezeQuantity: 50_000,
  maxPositionQuantity: 10_000,
  maxSymbolNotional: 400_000,
  maxStrategyNotional: 800_000,
  maxGrossExposure: 2_000_000,
  maxNetExposure: 1_500_000,
  maxOpenOrders: 50,
  maxOrdersPerDay: 500,
  maxOrdersPerSymbol: 50,
  maxOrdersPerMinute: 60,
  maxOrderBurst: 10,
  maxDailyLoss: 20_000,
  maxDrawdownPercent: 10,
  maxLosingStreak: 5,
  losingStreakPauseMs: 1_800_000,
  exitPauseMs: 60_000,
  maxPriceAgeMs: 5_000,
  priceCollarPercent: 5,
  priceBandPercent: 20,
};
const limitsAnswer = {
  limits,
  origins: { maxDailyLoss: { kind: 'global' as const } },
  defaults: limits,
  currency: 'INR',
  overrides: [
    {
      scope: { kind: 'global' as const },
      limits: { maxDailyLoss: 20_000 },
      changedBy: 'mira',
      reason: 'calmer',
      changedAt: '2026-11-20T03:40:00.000Z',
    },
  ],
};

export const riskEndpoints = {
  'POST /api/v1/risk/check': endpoint({
    owner: 'risk-manager',
    tag: 'risk',
    summary: 'May this order go? A denial is an answer, not an error',
    description:
      '`code` is `APPROVED`, or the code of the first rule that denies; docs/risk.md lists the rules in order. Decides and sends nothing.',
    access: { least: 'viewer' },
    body: riskCheckRequestSchema,
    bodyExamples: {
      'A market order; `orderId` is absent while nobody stored it': {
        signalId: '3f8b2c51-7d1e-8a40-9c55-0d7f5b1d2e11',
        accountId: ACCOUNT,
        strategy: 'momentum-breakout',
        symbol: 'RELIANCE',
        side: 'BUY',
        type: 'MARKET',
        quantity: 10,
        market: { source: 'simulator', lastPrice: 2500, bid: 2499.9, ask: 2500.1, ageMs: 120 },
        marks: { TCS: 3900 },
        asOf: '2026-11-20T05:30:00.000Z',
      },
    },
    answer: riskDecisionSchema,
    answerExample: {
      approved: false,
      code: 'ORDER_NOTIONAL',
      message: 'The order is worth 250,000 INR; at most 200,000 INR is allowed.',
      rule: 'order-size',
      figures: { notional: 250_000, limit: 200_000 },
      limit: { name: 'maxOrderNotional', value: 200_000, origin: { kind: 'default' } },
      decidedAt: '2026-11-20T05:30:00.010Z',
      durationMs: 4.2,
    },
    errors: database,
  }),

  'GET /api/v1/risk/limits': endpoint({
    owner: 'risk-manager',
    tag: 'risk',
    summary: 'Limits in force for an account, strategy and symbol, and who set what',
    access: { least: 'viewer' },
    query: z.strictObject({
      account: accountField.optional(),
      strategy: strategyField.optional(),
      symbol: symbolField.optional(),
    }),
    answer: riskLimitsAnswerSchema,
    answerExample: limitsAnswer,
    errors: database,
  }),

  'GET /api/v1/risk/limits/changes': endpoint({
    owner: 'risk-manager',
    tag: 'risk',
    summary: 'Who changed which limits, when, from what to what and why; newest first',
    description: '`before` is the position of the oldest change of the page before.',
    access: { least: 'viewer' },
    query: z.strictObject({
      limit: wholeNumber(1, 500).default(100),
      before: wholeNumber(1).optional(),
    }),
    answer: riskLimitsHistorySchema,
    answerExample: {
      changes: [
        {
          position: 1,
          scope: { kind: 'global' },
          before: null,
          after: { maxDailyLoss: 20_000 },
          changedBy: 'mira',
          reason: 'calmer',
          changedAt: '2026-11-20T03:40:00.000Z',
        },
      ],
    },
    errors: database,
  }),

  'PUT /api/v1/risk/limits': endpoint({
    owner: 'risk-manager',
    tag: 'risk',
    summary: 'Changes limits of one scope, with name and reason; kept in the audit trail',
    access: { least: 'admin', audit: 'limits.change', confirm: 'always' },
    body: riskLimitsChangeSchema,
    bodyExamples: {
      'What the exchange publishes for one share': {
        by: 'mira',
        reason: 'circular of today',
        scope: { kind: 'symbol', key: 'RELIANCE' },
        limits: { freezeQuantity: 50_000, priceBandPercent: 10 },
      },
      'For everything': { by: 'mira', reason: 'calmer', limits: { maxDailyLoss: 20_000 } },
    },
    answer: riskLimitsAnswerSchema,
    answerExample: limitsAnswer,
    errors: { ACCOUNT_UNKNOWN: 'The scope names an account that is not there', ...database },
  }),

  'POST /api/v1/risk/equity-peaks/:accountId/reset': endpoint({
    owner: 'risk-manager',
    tag: 'risk',
    summary: 'Counts drawdowns from another equity on, with name and reason; kept in the audit trail',
    access: { least: 'service' },
    params: z.strictObject({ accountId: accountField }),
    body: equityPeakResetSchema,
    bodyExamples: {
      'After a withdrawal': { by: 'mira', reason: 'capital taken out', equity: 800_000 },
    },
    answer: equityPeakSchema,
    answerExample: { accountId: ACCOUNT, peak: '800000', reachedAt: '2026-11-20T05:30:00.000Z' },
    errors: { ...unknownAccount, ...database },
  }),
};
