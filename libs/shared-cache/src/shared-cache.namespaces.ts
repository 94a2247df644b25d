import {
  backtestResultSchema,
  breadthSchema,
  type FeedName,
  instrumentSchema,
  moversSchema,
  overviewSchema,
  positionSizeSchema,
  regimeSchema,
  tickersSchema,
} from '@tickbridge/contracts';
import { cacheNamespace } from './cache/cache.namespace';

/**
 * Views of the whole market, by `marketViewsKey`: written by the trading side, read by the web side. Declared once for both, so
 * that neither can read them with another type.
 */
export const marketViews = {
  overview: cacheNamespace({
    name: 'market-overview',
    version: 2,
    kind: 'overview',
    schema: overviewSchema,
  }),
  tickers: cacheNamespace({ name: 'market-tickers', version: 2, kind: 'tickers', schema: tickersSchema }),
  movers: cacheNamespace({ name: 'market-movers', version: 2, kind: 'overview', schema: moversSchema }),
  breadth: cacheNamespace({ name: 'market-breadth', version: 2, kind: 'overview', schema: breadthSchema }),
  regime: cacheNamespace({ name: 'market-regime', version: 2, kind: 'overview', schema: regimeSchema }),
} as const;

/** Key of a platform's views: the feeds they are made of. */
export function marketViewsKey(feeds: readonly FeedName[]): string {
  return feeds.join('+');
}

/** Instruments by `instrumentCacheKey`: market-data drops those that a newer list describes differently. */
export const instrumentsByKey = cacheNamespace({
  name: 'instruments',
  version: 1,
  kind: 'instruments',
  schema: instrumentSchema,
  // What no list has yet may be in the next one.
  backoffMs: 500,
});

export function instrumentCacheKey(feed: FeedName, symbol: string): string {
  return `${feed}:${symbol}`;
}

/** What the risk-manager computed: sizes by their inputs, results of completed backtests by the run's id. */
export const riskResults = {
  positionSizes: cacheNamespace({
    name: 'position-sizes',
    version: 1,
    kind: 'positionSizing',
    schema: positionSizeSchema,
    // A refusal names what is missing; the next caller may bring it.
    backoffMs: 0,
  }),
  backtests: cacheNamespace({
    name: 'backtest-results',
    version: 1,
    kind: 'backtests',
    schema: backtestResultSchema,
    backoffMs: 0,
  }),
} as const;
