import { BinanceFeed } from '../feeds/binance/binance.feed';
import { BinanceHistory } from '../feeds/binance/binance.history';
import type { FeedConfigOf } from '../feeds/feed.config';
import { BinanceInstruments } from '../instruments/binance.instruments';
import type { Vendor } from './vendor';

/** Between two questions for candles (ms). */
const PAUSE_MS = 100;

export const binance: Vendor<FeedConfigOf<'binance'>> = {
  create: (config, sink) => ({
    feed: new BinanceFeed(config, sink),
    warmUp: { history: new BinanceHistory(config.restUrl), symbols: config.symbols, pauseMs: PAUSE_MS },
  }),

  lists: ({ restUrl }) => [new BinanceInstruments(restUrl)],
};
