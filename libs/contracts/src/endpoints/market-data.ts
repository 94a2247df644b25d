import { z } from 'zod';
import { feedNameSchema } from '../market/feed-names';
import { barsAnswerSchema, candleIntervalSchema, candleSchema } from '../market/bar';
import { feedsStatusSchema, feedStatusSchema } from '../market/feed-status';
import { insightKindSchema, macroInsightSchema } from '../market/insight';
import { marketDataAnswerSchema } from '../market/market-data-answer';
import { symbolAnswerSchema } from '../market/market-status';
import { endpoint } from './endpoint';
import { bar, candle, feedStatus, tick } from './examples';
import { symbolField, symbolParams, wholeNumber } from './fields';

const notSubscribed = { SYMBOL_NOT_SUBSCRIBED: 'The symbol is not subscribed' } as const;
const noSuchFeed = { FEED_NOT_RUNNING: { 404: 'This process has no such feed' } } as const;
const noTrueData = { NOT_A_TRUEDATA_FEED: 'No running feed speaks TrueData' } as const;
const trueDataAct = {
  owner: 'market-data',
  tag: 'truedata',
  access: { least: 'trader', audit: 'feed.command' },
  answer: feedStatusSchema,
  answerExample: feedStatus,
  errors: { ...noTrueData, FEED_HELD_ELSEWHERE: { 409: 'Another instance holds the vendor login' } },
} as const;
/** Whose frames; without it the first feed's. */
const feedQuery = z.strictObject({ feed: feedNameSchema.optional() });

export const marketDataEndpoints = {
  'GET /api/v1/market-data': endpoint({
    owner: 'market-data',
    alsoServedBy: ['dashboard'],
    tag: 'market data',
    summary: 'Newest tick of every symbol',
    description: 'market-data answers 304 when nothing changed since the ETag sent.',
    access: { least: 'viewer' },
    answer: marketDataAnswerSchema,
    answerExample: {
      success: true,
      source: 'in-process',
      asOf: tick.receivedAt,
      ageMs: 120,
      symbolCount: 1,
      staleSymbols: [],
      data: { RELIANCE: tick },
    },
    errors: {},
  }),

  'GET /api/v1/market-data/:symbol': endpoint({
    owner: 'market-data',
    tag: 'market data',
    summary: 'Newest tick of one symbol',
    access: { least: 'viewer' },
    params: symbolParams,
    answer: symbolAnswerSchema,
    answerExample: { ...tick, ageMs: 120, stale: false },
    errors: {
      ...notSubscribed,
      NO_DATA_YET: 'The symbol is subscribed but has not traded yet',
      FEED_DOWN: 'The feed is not connected',
    },
  }),

  'GET /api/v1/market-data/:symbol/candles': endpoint({
    owner: 'market-data',
    alsoServedBy: ['dashboard'],
    tag: 'market data',
    summary: 'The newest candles of a symbol, oldest first, the unfinished one included',
    description:
      "market-data's header `candles-source` says `memory+postgresql`, or `memory` while PostgreSQL is away and older candles may be missing. The dashboard's answer is at most a second old.",
    access: { least: 'viewer' },
    params: symbolParams,
    query: z.strictObject({
      interval: candleIntervalSchema.default('1m'),
      limit: wholeNumber(1, 1_000).default(200),
    }),
    answer: z.array(candleSchema),
    answerExample: [candle],
    errors: {
      ...notSubscribed,
      SERVICE_UNAVAILABLE: 'At the dashboard: market-data gives no candles',
      SERVICE_TIMEOUT: 'At the dashboard: market-data did not answer in time',
      SERVICE_ANSWER_UNREADABLE: 'At the dashboard: what answered is not market-data',
    },
  }),

  'GET /api/v1/market-data/stream': endpoint({
    owner: 'market-data',
    tag: 'bridge',
    summary: "A feed's live frames as server-sent events: first a snapshot, then every frame",
    access: { least: 'service' },
    query: feedQuery,
    media: ['text/event-stream'],
    answer: z.string(),
    answerExample: 'event: snapshot\ndata: {"epoch":"mhr8k2f0","sequence":48211,"ticks":[]}\n\n',
    errors: {
      ...noSuchFeed,
      FEED_HELD_ELSEWHERE: { 503: 'Another instance holds the vendor login and has the frames' },
      TOO_MANY_STREAMS: 'As many readers are connected as the stream serves',
    },
  }),

  'GET /api/v1/market-data/bars': endpoint({
    owner: 'market-data',
    tag: 'bridge',
    summary: "A feed's closed bars after a sequence, none left out; empty when the epoch has changed",
    description:
      '`epoch` is the one the reader knows; `after` is the sequence of its last bar, and 0 asks for all that are retained.',
    access: { least: 'service' },
    query: feedQuery.extend({
      epoch: z.string().max(100).optional(),
      after: wholeNumber(0).default(0),
    }),
    answer: barsAnswerSchema,
    answerExample: { epoch: 'mhr8k2f0', bars: [bar] },
    errors: noSuchFeed,
  }),

  'GET /api/v1/feed/status': endpoint({
    owner: 'market-data',
    tag: 'feed',
    summary: 'State of the vendor connection and what it delivered; `feeds` has each feed by itself',
    access: { least: 'viewer' },
    answer: feedsStatusSchema,
    answerExample: { ...feedStatus, feeds: [feedStatus] },
    errors: {},
  }),

  'GET /api/v1/truedata/status': endpoint({
    ...trueDataAct,
    summary: 'State of the TrueData connection',
    access: { least: 'viewer' },
    errors: noTrueData,
  }),

  'POST /api/v1/truedata/connect': endpoint({
    ...trueDataAct,
    summary: 'Connects, also after a refused login, and answers with the outcome',
  }),

  'POST /api/v1/truedata/reconnect': endpoint({
    ...trueDataAct,
    summary: 'Logs out, connects anew and answers with the outcome',
  }),

  'POST /api/v1/truedata/disconnect': endpoint({
    ...trueDataAct,
    summary: 'Logs out and stays disconnected until connected again',
  }),

  'GET /api/v1/insights/macro': endpoint({
    owner: 'market-data',
    tag: 'insights',
    summary: 'Macro figures the feeds deliver, such as India VIX',
    access: { least: 'viewer' },
    answer: macroInsightSchema,
    answerExample: {
      value: [
        {
          symbol: 'INDIA VIX',
          value: 13.42,
          change: -0.11,
          changePercent: -0.813,
          eventTime: tick.eventTime,
          ageMs: 120,
          stale: false,
          provenance: { feed: 'simulator', simulated: true },
        },
      ],
      provenance: 'symbols of asset class macro, from the running feeds',
      cached: false,
      ageMs: 120,
    },
    errors: { INSIGHT_SOURCE_NOT_CONFIGURED: { 503: 'No feed delivers a macro figure' } },
  }),

  'GET /api/v1/insights/:kind/:symbol': endpoint({
    owner: 'market-data',
    tag: 'insights',
    summary: 'On-chain metrics, sentiment, predictions: no source for them is part of this version',
    access: { least: 'viewer' },
    params: z.strictObject({ kind: insightKindSchema, symbol: symbolField }),
    // Named once a source exists; until then every answer is the problem.
    answer: z.null(),
    answerExample: null,
    errors: { INSIGHT_SOURCE_NOT_CONFIGURED: { 501: 'No source of it is configured' } },
  }),
};
