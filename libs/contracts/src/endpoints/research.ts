import { z } from 'zod';
import {
  backtestRequestSchema,
  type BacktestRun,
  backtestRunSchema,
  backtestSchema,
  backtestStatusSchema,
} from '../trading/backtest';
import { positionSizingAnswerSchema, positionSizingRequestSchema } from '../trading/position-sizing';
import { database, unknownAccount } from './common-problems';
import { endpoint } from './endpoint';
import { ACCOUNT } from './examples';
import { uuidParams, wholeNumber } from './fields';

const unknownBacktest = { BACKTEST_UNKNOWN: 'There is no such backtest' } as const;

const run: BacktestRun = {
  id: '0b0f8c1e-2f5a-4e0b-9a55-6f3c1d2e4a77',
  status: 'queued',
  progressPercent: 0,
  request: {
    data: { kind: 'recording' },
    strategies: [{ id: 'momentum-breakout', parameters: {} }],
    limits: {},
  },
  error: null,
  attempts: 0,
  createdAt: '2026-11-20T05:30:00.000Z',
  startedAt: null,
  finishedAt: null,
};

export const researchEndpoints = {
  'POST /api/v1/backtests': endpoint({
    owner: 'risk-manager',
    tag: 'backtests',
    summary: 'Plays recorded bars through strategies, risk rules, fills and fees',
    description:
      'Answers at once; the run waits for its turn in a worker thread and outlives restarts. A run that fails says so in `error.code`: `NO_BARS`, `TOO_MANY_BARS`, `NO_RECORDING`, `OUT_OF_MEMORY`, `DATABASE_UNAVAILABLE`, `INTERRUPTED`, `BACKTEST_FAILED`.',
    access: { least: 'trader', audit: 'backtest.start' },
    status: 202,
    body: backtestRequestSchema,
    bodyExamples: {
      'Recorded candles of two shares': {
        data: {
          kind: 'candles',
          feed: 'simulator',
          symbols: ['RELIANCE', 'TCS'],
          interval: '5s',
          from: '2026-11-20T03:45:00Z',
          to: '2026-11-20T10:00:00Z',
        },
        strategies: [{ id: 'momentum-breakout', parameters: { lookbackBars: 10 } }, { id: 'mean-reversion' }],
        limits: { maxOrderNotional: 25_000 },
      },
      'The recording that REPLAY_FILE names': {
        data: { kind: 'recording' },
        strategies: [{ id: 'momentum-breakout' }],
      },
    },
    answer: backtestRunSchema,
    answerExample: run,
    errors: { BACKTEST_QUEUE_FULL: 'As many backtests wait as may', ...database },
  }),

  'GET /api/v1/backtests': endpoint({
    owner: 'risk-manager',
    tag: 'backtests',
    summary: 'Backtests, newest first, without their results',
    access: { least: 'viewer' },
    query: z.strictObject({
      limit: wholeNumber(1, 200).default(50),
      status: backtestStatusSchema.optional(),
    }),
    answer: z.array(backtestRunSchema),
    answerExample: [run],
    errors: database,
  }),

  'GET /api/v1/backtests/:id': endpoint({
    owner: 'risk-manager',
    tag: 'backtests',
    summary: 'A backtest with its progress, and its result once it is completed',
    access: { least: 'viewer' },
    params: uuidParams,
    answer: backtestSchema,
    answerExample: { ...run, status: 'running', progressPercent: 40, attempts: 1, result: null },
    errors: { ...unknownBacktest, ...database },
  }),

  'POST /api/v1/backtests/:id/cancel': endpoint({
    owner: 'risk-manager',
    tag: 'backtests',
    summary: 'Stops a backtest that waits or runs',
    access: { least: 'trader', audit: 'backtest.cancel' },
    params: uuidParams,
    answer: backtestRunSchema,
    answerExample: { ...run, status: 'cancelled' },
    errors: { ...unknownBacktest, BACKTEST_OVER: 'It ended already', ...database },
  }),

  'POST /api/v1/position-sizing': endpoint({
    owner: 'risk-manager',
    tag: 'position sizing',
    summary: 'How much may be bought or sold short, by risk, by range or by value',
    description:
      'Capped by the limits in force and by what may still be spent. A stop at the entry gives 0. The same inputs give the same answer for 60 s, or until limits change; `cached` and `ageMs` say so.',
    access: { least: 'viewer' },
    body: positionSizingRequestSchema,
    bodyExamples: {
      'Half a percent of the equity at the stop': {
        method: 'fixed-risk',
        accountId: ACCOUNT,
        symbol: 'RELIANCE',
        entryPrice: 2500,
        stopPrice: 2475,
        riskFraction: 0.005,
      },
      'A stop two average true ranges away': {
        method: 'atr',
        accountId: ACCOUNT,
        symbol: 'RELIANCE',
        atrMultiple: 2,
        interval: '1m',
      },
      'As much as 25,000 rupees buy': {
        method: 'fixed-notional',
        accountId: ACCOUNT,
        symbol: 'RELIANCE',
        notional: 25_000,
      },
    },
    answer: positionSizingAnswerSchema,
    answerExample: {
      method: 'fixed-risk',
      symbol: 'RELIANCE',
      quantity: 80,
      entryPrice: 2500,
      stopPrice: 2475,
      stopDistance: 25,
      atr: null,
      notional: 200_000,
      riskAmount: 2_000,
      currency: 'INR',
      equity: 1_000_003.8,
      boundBy: 'maxOrderNotional',
      bounds: { risk: 200, maxOrderNotional: 80 },
      computedAt: '2026-11-20T05:30:00.000Z',
      cached: false,
      ageMs: 0,
    },
    errors: {
      ...unknownAccount,
      NOT_ENOUGH_BARS: 'Too few bars are recorded for the average true range',
      UNKNOWN_INSTRUMENT: 'No list of the feed says in what lots the symbol trades',
      CHARGES_UNKNOWN: 'No row of the table of charges covers a trade of today',
      NO_PRICE: { 503: 'No price of the symbol is known' },
      ...database,
    },
  }),
};
