import { z } from 'zod';
import { streamHistorySchema } from '../screens/live-stream';
import { cacheStatsSchema } from '../platform/cache-stats';
import { dashboardMobileSchema, dashboardSummarySchema, dashboardUnifiedSchema } from '../screens/dashboard';
import { type SystemStatus, systemStatusSchema } from '../screens/system-status';
import { endpoint } from './endpoint';
import { candle, feedStatus, order, portfolio, position, signal, tradingState } from './examples';
import { symbolField, wholeNumber } from './fields';
import { views } from './market-views';

const AT = '2026-11-20T05:30:00.000Z';
const redis = {
  configured: true,
  connected: true,
  breaker: 'closed' as const,
  since: null,
  lastError: null,
  latencyMs: 0.4,
};
const { feed, simulated, connected, dataFlowing, marketStatus, state } = feedStatus;
const { symbolsActive, symbolsRequested, lastTickAt, lastError } = feedStatus;
const feedSummary = {
  feed,
  simulated,
  connected,
  dataFlowing,
  marketStatus,
  state,
  symbolsActive,
  symbolsRequested,
  lastTickAt,
  lastError,
};
const system: SystemStatus = {
  checkedAt: AT,
  services: [
    {
      name: 'market-data',
      status: 'up',
      latencyMs: 2.1,
      detail: null,
      dependencies: { redis: { status: 'up' } },
    },
  ],
  feed: feedSummary,
  feeds: [feedSummary],
  live: { source: 'redis', ageMs: 120, symbols: 175, framesApplied: 9_120, gaps: 0, sourceSwitches: 1 },
  redis,
  streamClients: 1,
};
const parts = {
  trading: tradingState,
  portfolios: [portfolio],
  positions: [position],
  signals: [signal],
  orders: [order],
};
const ownScreen = {
  owner: 'dashboard',
  tag: 'dashboard',
  description: 'What cannot be had is `null` and named in `unavailable`; the rest is there.',
  access: { least: 'viewer' },
  errors: {},
} as const;
const ownSystem = { owner: 'dashboard', tag: 'system', access: { least: 'viewer' }, errors: {} } as const;

export const dashboardEndpoints = {
  'GET /api/v1/dashboard/summary': endpoint({
    ...ownScreen,
    summary: 'Where things stand, without lists',
    answer: dashboardSummarySchema,
    answerExample: {
      asOf: AT,
      unavailable: [],
      overview: views.overview,
      regime: views.regime,
      trading: tradingState,
      portfolios: [portfolio],
      openPositions: 1,
      recentSignals: 41,
      workingOrders: 0,
    },
  }),

  'GET /api/v1/dashboard/mobile': endpoint({
    ...ownScreen,
    summary: 'One call for a small screen',
    answer: dashboardMobileSchema,
    answerExample: {
      asOf: AT,
      unavailable: [],
      overview: views.overview,
      movers: views.movers,
      ...parts,
    },
  }),

  'GET /api/v1/dashboard/unified': endpoint({
    ...ownScreen,
    summary: 'One call for the whole page',
    answer: dashboardUnifiedSchema,
    answerExample: { asOf: AT, unavailable: [], ...views, ...parts, system },
  }),

  'GET /api/v1/system/status': endpoint({
    ...ownSystem,
    summary: 'Every service, the feed and Redis, asked just now',
    answer: systemStatusSchema,
    answerExample: system,
  }),

  'GET /api/v1/cache/stats': endpoint({
    ...ownSystem,
    summary: 'Hits and misses of each cache tier, and Redis itself',
    answer: cacheStatsSchema,
    answerExample: {
      service: 'dashboard',
      tiers: [{ tier: 'l1', enabled: true, hits: 910, misses: 90, hitRate: 0.91, errors: 0 }],
      l1: { entries: 42, maxEntries: 10_000 },
      loads: 90,
      redis: { ...redis, server: null },
    },
  }),

  'GET /api/v1/stream': endpoint({
    owner: 'dashboard',
    tag: 'live stream',
    summary: 'Server-sent events: ticks, signal, order, fill, health; resumes after Last-Event-ID',
    access: { least: 'viewer' },
    media: ['text/event-stream'],
    answer: z.string(),
    answerExample: 'event: ticks\ndata: {"serverTime":1795152600000,"quotes":[]}\n\n',
    errors: {},
  }),

  'GET /api/v1/stream/history': endpoint({
    owner: 'dashboard',
    tag: 'live stream',
    summary:
      'What a stream that is opened now would have told before: events, and a symbol’s prices by the second',
    description: '`seconds` is how far back prices go, `events` the most events.',
    access: { least: 'viewer' },
    query: z.strictObject({
      symbol: symbolField.optional(),
      seconds: wholeNumber(1, 1_000).default(300),
      events: wholeNumber(0, 1_000).default(100),
    }),
    answer: streamHistorySchema,
    answerExample: {
      lastEventId: 'mhr8k2f0-17',
      events: [{ id: 'mhr8k2f0-17', name: 'signal', data: signal }],
      prices: [candle],
    },
    errors: {
      SYMBOL_NOT_SUBSCRIBED: 'The symbol is not subscribed',
      SERVICE_UNAVAILABLE: 'market-data gives no prices',
      SERVICE_TIMEOUT: 'market-data did not answer in time',
      SERVICE_ANSWER_UNREADABLE: 'What answered is not market-data',
    },
  }),
};
