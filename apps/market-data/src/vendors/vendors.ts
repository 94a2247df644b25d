import type { FeedName } from '@tickbridge/contracts';
import type { FeedConfig, FeedConfigOf } from '../feeds/feed.config';
import type { FeedSink } from '../feeds/feed-sink';
import type { InstrumentSource } from '../instruments/instrument-source';
import { alpaca } from './alpaca.vendor';
import { binance } from './binance.vendor';
import { replay } from './replay.vendor';
import { trueData } from './truedata.vendor';
import type { CreatedFeed, Vendor } from './vendor';

/** What each feed is made of. */
const VENDORS: { readonly [Name in FeedName]: Vendor<FeedConfigOf<Name>> } = {
  simulator: trueData,
  truedata: trueData,
  binance,
  alpaca,
  replay,
};

/** The feed of a name in FEED, delivering into `sink`. */
export function createFeed(config: FeedConfig, sink: FeedSink): CreatedFeed {
  return vendorOf(config).create(config, sink);
}

/** The lists of instruments that the vendor of a feed has. */
export function instrumentSources(config: FeedConfig): InstrumentSource[] {
  return vendorOf(config).lists(config);
}

function vendorOf(config: FeedConfig): Vendor<FeedConfig> {
  return VENDORS[config.name];
}
