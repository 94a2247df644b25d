import type { FeedName } from '@tickbridge/contracts';
import { LiveFeedReader, type RedisConnection, type SharedCacheSettings } from '@tickbridge/shared-cache';

/** The market as another instance publishes it, while this one waits for the feed's lease: read like any reader does. */
export class StandbyMarket {
  private reader: LiveFeedReader | undefined;

  constructor(
    private readonly feed: FeedName,
    private readonly settings: SharedCacheSettings,
    private readonly redis: RedisConnection,
  ) {}

  /** The holder's market; `undefined` while this instance does not wait. */
  get market(): LiveFeedReader | undefined {
    return this.reader;
  }

  follow(): void {
    if (this.reader !== undefined) return;
    const { liveMarketData } = this.settings.value;
    if (liveMarketData === undefined) return;
    // The metrics of live data are the publisher's here.
    this.reader = new LiveFeedReader(this.feed, liveMarketData, this.redis, undefined, undefined);
    this.reader.start();
  }

  leave(): void {
    this.reader?.stop();
    this.reader = undefined;
  }
}
