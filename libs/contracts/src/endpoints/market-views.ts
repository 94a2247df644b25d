import {
  breadthSchema,
  type MarketGroup,
  marketPartSchema,
  moversSchema,
  overviewSchema,
  regimeSchema,
  type Ticker,
  tickersSchema,
} from '../market/views';
import { endpoint } from './endpoint';
import { wholeNumber } from './fields';

const ownView = {
  owner: 'dashboard',
  tag: 'market views',
  access: { least: 'viewer' },
  errors: {},
} as const;
const provenance = {
  source: 'redis' as const,
  asOf: '2026-11-20T05:29:59.120Z',
  ageMs: 120,
  simulated: true,
};
const ticker: Ticker = {
  symbol: 'RELIANCE',
  assetClass: 'stock',
  feed: 'truedata',
  lastPrice: 2500.05,
  change: 10.05,
  changePercent: 0.4036,
  volume: 1_204_350,
  ageMs: 120,
};

const group: MarketGroup = { assetClass: 'stock', feed: 'truedata', currency: 'INR', symbols: 175 };
const breadth = { advances: 101, declines: 70, unchanged: 4, unknown: 0 };
const regime = { regime: 'mixed' as const, medianChangePercent: 0.21, dispersionPercent: 1.1 };

/** What the answers of the views look like; whole screens show them too. */
export const views = {
  overview: {
    ...provenance,
    symbolCount: 175,
    freshSymbols: 175,
    advances: 101,
    declines: 70,
    medianChangePercent: 0.21,
    turnover: [{ currency: 'INR', turnover: 184_000_000_000 }],
    groups: [group],
  },
  breadth: { ...provenance, ...breadth, groups: [{ ...group, ...breadth }] },
  regime: {
    ...provenance,
    ...regime,
    symbols: 175,
    groups: [{ ...group, ...regime }],
  },
  movers: {
    ...provenance,
    gainers: [ticker],
    losers: [{ ...ticker, symbol: 'TCS', lastPrice: 3900, change: -12, changePercent: -0.307 }],
  },
  tickers: [ticker],
};

export const marketViewEndpoints = {
  'GET /api/v1/market/overview': endpoint({
    ...ownView,
    summary: 'Counts, median change and turnover by currency',
    query: marketPartSchema,
    answer: overviewSchema,
    answerExample: views.overview,
  }),

  'GET /api/v1/market/tickers': endpoint({
    ...ownView,
    summary: 'Last price, change and age of every symbol',
    query: marketPartSchema,
    answer: tickersSchema,
    answerExample: { ...provenance, tickers: views.tickers },
  }),

  'GET /api/v1/market/movers': endpoint({
    ...ownView,
    summary: 'Largest gainers and losers',
    query: marketPartSchema.extend({ limit: wholeNumber(1, 50).default(5) }),
    answer: moversSchema,
    answerExample: views.movers,
  }),

  'GET /api/v1/market/breadth': endpoint({
    ...ownView,
    summary: 'How many symbols rise and fall',
    query: marketPartSchema,
    answer: breadthSchema,
    answerExample: views.breadth,
  }),

  'GET /api/v1/market/regime': endpoint({
    ...ownView,
    summary: 'What kind of day it is',
    query: marketPartSchema,
    answer: regimeSchema,
    answerExample: views.regime,
  }),
};
