import { AlpacaFeed, sourceOf } from '../feeds/alpaca/alpaca.feed';
import { AlpacaHistory } from '../feeds/alpaca/alpaca.history';
import type { FeedConfigOf } from '../feeds/feed.config';
import { AlpacaInstruments } from '../instruments/alpaca.instruments';
import type { Vendor } from './vendor';

/** The free plan answers 200 questions a minute; this leaves room for the other ones (ms). */
const PAUSE_MS = 400;

export const alpaca: Vendor<FeedConfigOf<'alpaca'>> = {
  create: (config, sink) => ({
    feed: new AlpacaFeed(config, sink),
    warmUp: {
      history: new AlpacaHistory({ ...config, feed: sourceOf(config.url) }),
      symbols: config.symbols,
      pauseMs: PAUSE_MS,
    },
  }),

  lists: (config) => [new AlpacaInstruments(config)],
};
