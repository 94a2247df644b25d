import { z } from 'zod';
import { isoTime } from '../platform/time';
import { pipelineTraceSchema } from '../trading/pipeline-trace';
import { signalSchema, signalStatsSchema } from '../trading/signal';
import { strategyChangeSchema, strategyStatusSchema, type StrategyStatus } from '../trading/strategy';
import {
  ladderAnswerSchema,
  ladderChangeSchema,
  tradingCommandNameSchema,
  tradingCommandSchema,
  tradingStateSchema,
  type LadderThresholds,
} from '../trading/trading-state';
import { database } from './common-problems';
import { endpoint } from './endpoint';
import { ACCOUNT, command, signal, tradingState } from './examples';
import { strategyField, symbolField, wholeNumber } from './fields';

const notReady = { NOT_READY: 'The first trading state is not stored yet' } as const;

const thresholds: LadderThresholds = {
  dailyLossPercentOfLimit: { REDUCING: 50, FLATTEN: 100 },
  drawdownPercentOfLimit: { REDUCING: 50, HALTED: 100 },
  errorRatePercent: { HALTED: 50 },
  minimumCalls: 10,
  feedAgeMs: { REDUCING: 30_000, HALTED: 120_000 },
};
const ladder = {
  thresholds,
  acted: [],
  figures: [
    { accountId: ACCOUNT, dailyLoss: 0, drawdownPercent: 0, failedCalls: 0, calls: 12, feedAgeMs: 180 },
  ],
};
const strategy: StrategyStatus = {
  id: 'momentum-breakout',
  name: 'Momentum breakout',
  description: 'Buys a close above the high of the last bars on rising volume',
  enabled: true,
  parameters: { lookbackBars: 20 },
  timeframe: '5m',
  leastEdge: 2,
  exits: {
    stopLoss: { kind: 'signal' },
    target: { kind: 'signal' },
    trailingStop: { kind: 'none' },
    squareOffAt: null,
    cooldownMinutes: 0,
    maxReentriesPerDay: null,
  },
  product: null,
  symbols: 175,
  warmSymbols: 175,
  barsSeen: 24_310,
  signals: 41,
  lastSignalAt: '2026-11-20T05:30:00.020Z',
  edgeRefusals: 3,
  lastEdgeRefusal: 'BUY INFY: the expected move of 0.110 % is less than 2 times the costs of 0.094 %',
  errors: 0,
  lastError: null,
  lastErrorAt: null,
  slowBars: 0,
  slowestBarMs: 1.4,
  suspended: null,
};

export const tradingEndpoints = {
  'GET /api/v1/signals/recent': endpoint({
    owner: 'orchestrator',
    tag: 'signals',
    summary: 'Recent signals, newest first',
    access: { least: 'viewer' },
    query: z.strictObject({
      count: wholeNumber(1, 1_000).default(50),
      symbol: symbolField.optional(),
      strategy: strategyField.optional(),
      since: isoTime.optional(),
    }),
    answer: z.array(signalSchema),
    answerExample: [signal],
    errors: database,
  }),

  'GET /api/v1/signals/stats': endpoint({
    owner: 'orchestrator',
    tag: 'signals',
    summary: 'Counts over the newest 1,000 signals, at most a second old',
    access: { least: 'viewer' },
    answer: signalStatsSchema,
    answerExample: {
      total: 41,
      byStrategy: { 'momentum-breakout': 41 },
      bySymbol: { RELIANCE: 41 },
      byAction: { BUY: 22, SELL: 19 },
      oldestAt: '2026-11-20T03:46:00.020Z',
      newestAt: '2026-11-20T05:30:00.020Z',
    },
    errors: database,
  }),

  'GET /api/v1/strategies': endpoint({
    owner: 'orchestrator',
    tag: 'strategies',
    summary: 'Strategies, their parameters and what they have seen',
    access: { least: 'viewer' },
    answer: z.array(strategyStatusSchema),
    answerExample: [strategy],
    errors: database,
  }),

  'PATCH /api/v1/strategies/:id': endpoint({
    owner: 'orchestrator',
    tag: 'strategies',
    summary: 'Switches a strategy on or off, changes its timeframe, parameters or exits, or resumes it',
    description:
      'Only what is named changes. In force with the next bar, for open positions too; kept over restarts.',
    access: { least: 'trader', audit: 'strategy.change' },
    params: z.strictObject({ id: strategyField }),
    body: strategyChangeSchema,
    bodyExamples: {
      'Switch it off': { enabled: false },
      'One parameter': { parameters: { lookbackBars: 10 } },
      'Bars of a quarter of an hour': { timeframe: '15m' },
      'Entries worth three times their costs': { leastEdge: 3 },
      'A trailing stop, and no more than two re-entries': {
        exits: {
          stopLoss: { kind: 'percent', percent: 1 },
          trailingStop: { kind: 'atr', multiple: 3 },
          squareOffAt: '15:00',
          cooldownMinutes: 10,
          maxReentriesPerDay: 2,
        },
      },
      'Resume it after the platform suspended it': { suspended: false },
    },
    answer: strategyStatusSchema,
    answerExample: { ...strategy, enabled: false },
    errors: { STRATEGY_UNKNOWN: 'There is no such strategy', ...database },
  }),

  'GET /api/v1/trading/state': endpoint({
    owner: 'orchestrator',
    alsoServedBy: ['risk-manager'],
    tag: 'trading state',
    summary: 'Where the kill ladder stands, who moved it, and why',
    description: 'The risk-manager answers what its rules see; the orchestrator changes it.',
    access: { least: 'viewer' },
    answer: tradingStateSchema,
    answerExample: tradingState,
    errors: {
      ...notReady,
      NO_TRADING_STATE: 'At the risk-manager: the orchestrator has stored none yet',
      ...database,
    },
  }),

  'GET /api/v1/trading/ladder': endpoint({
    owner: 'orchestrator',
    tag: 'trading state',
    summary:
      "The kill ladder's triggers: thresholds, today's figures, and which have acted since the last reset",
    access: { least: 'viewer' },
    answer: ladderAnswerSchema,
    answerExample: ladder,
    errors: { ...notReady, ...database },
  }),

  'PUT /api/v1/trading/ladder': endpoint({
    owner: 'orchestrator',
    tag: 'trading state',
    summary: 'Replaces the thresholds of the triggers, with name and reason; kept in the audit trail',
    access: { least: 'admin', audit: 'ladder.change', confirm: 'always' },
    body: ladderChangeSchema,
    bodyExamples: {
      'No new risk at half of the limits': { thresholds, by: 'mira', reason: 'first live week' },
    },
    answer: ladderAnswerSchema,
    answerExample: ladder,
    errors: { ...notReady, ...database },
  }),

  'POST /api/v1/trading/:command': endpoint({
    owner: 'orchestrator',
    tag: 'trading state',
    summary:
      'start, stop, reduce, halt, flatten or reset, with name and reason; acts at once, survives restarts',
    description:
      'flatten answers when all is closed and halted, or after five seconds with the state so far.',
    access: { least: 'trader', audit: 'trading.command', confirm: 'to-flatten' },
    params: z.strictObject({ command: tradingCommandNameSchema }),
    body: tradingCommandSchema,
    bodyExamples: { 'Any command': command },
    answer: tradingStateSchema,
    answerExample: { ...tradingState, mode: 'HALTED', reason: command.reason },
    errors: { LADDER_LATCHED: 'Only reset leads up the ladder', ...notReady, ...database },
  }),

  'GET /api/v1/pipeline/trace': endpoint({
    owner: 'orchestrator',
    tag: 'pipeline',
    summary: 'Stage by stage from feed to fill: counts, last time, and why something stops',
    access: { least: 'viewer' },
    answer: pipelineTraceSchema,
    answerExample: {
      stages: [
        {
          stage: 'feed',
          received: 182_340,
          passed: 182_340,
          lastAt: '2026-11-20T05:30:00.000Z',
          reason: null,
          stopped: {},
        },
      ],
      blockedAt: null,
      diagnosis: 'Data reaches the end.',
    },
    errors: database,
  }),
};
