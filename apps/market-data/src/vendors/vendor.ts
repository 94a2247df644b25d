import type { WarmUpPlan } from '../candles/candle.warm-up';
import type { Feed } from '../feeds/feed';
import type { FeedConfig } from '../feeds/feed.config';
import type { FeedSink } from '../feeds/feed-sink';
import type { InstrumentSource } from '../instruments/instrument-source';

/** A feed, and where its candles of the past come from. */
export interface CreatedFeed {
  readonly feed: Feed;
  readonly warmUp: WarmUpPlan;
}

/** What one feed is made of. */
export interface Vendor<Config extends FeedConfig> {
  /** The feed, delivering into `sink`. */
  create(config: Config, sink: FeedSink): CreatedFeed;
  /** The vendor's lists of instruments; empty for one that has none. */
  lists(config: Config): InstrumentSource[];
}
