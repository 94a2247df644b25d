const SECOND = 1_000;

/** How long each kind of cached data lives, in milliseconds. The one TTL policy of the platform. */
export const CACHE_TTL_MS = {
  marketData: 30 * SECOND,
  sentiment: 60 * SECOND,
  onChain: 300 * SECOND,
  backtests: 86_400 * SECOND,
  positionSizing: 60 * SECOND,
  signals: 86_400 * SECOND,
  cryptoPrices: 30 * SECOND,
  stockPrices: 30 * SECOND,
  macro: 300 * SECOND,
  hotPredictions: 1 * SECOND,
  predictions: 3 * SECOND,
  charts: 600 * SECOND,
  websocketHistory: 300 * SECOND,
  tickers: 60 * SECOND,
  overview: 60 * SECOND,
  instruments: 86_400 * SECOND,
} as const;

export type CacheKind = keyof typeof CACHE_TTL_MS;
