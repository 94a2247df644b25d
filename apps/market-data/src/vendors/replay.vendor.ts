import type { FeedConfigOf } from '../feeds/feed.config';
import { ReplayFeed } from '../feeds/replay/replay.feed';
import type { Vendor } from './vendor';

/** A recording brings its own past. */
export const replay: Vendor<FeedConfigOf<'replay'>> = {
  create: (config, sink) => ({
    feed: new ReplayFeed(config, sink),
    warmUp: { history: null, symbols: [], pauseMs: 0 },
  }),

  lists: () => [],
};
