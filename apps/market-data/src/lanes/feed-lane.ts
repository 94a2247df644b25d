import type { FeedName } from '@tickbridge/contracts';
import type { FrameStream, LiveMarketPublisher } from '@tickbridge/shared-cache';
import type { CandleKeeper } from '../candles/candle.keeper';
import type { CandleReader } from '../candles/candle.reader';
import type { CandleRetention } from '../candles/candle.retention';
import type { CandleWarmUp } from '../candles/candle.warm-up';
import type { Feed } from '../feeds/feed';
import type { SubscribedInstruments } from '../instruments/subscribed-instruments';
import type { FeedLease } from '../lease/feed-lease';
import type { CurrentMarket } from '../market/current-market';
import type { MarketDataPipeline } from '../market/market-data.pipeline';
import type { StandbyMarket } from '../market/standby-market';
import type { LaneStatus } from '../status/lane-status';

/** How often quiet bars are looked at (ms). */
const BAR_TIMER_MS = 250;

/** What one lane is made of. */
export interface LaneParts {
  readonly feed: Feed;
  readonly instruments: SubscribedInstruments;
  readonly lease: FeedLease;
  readonly pipeline: MarketDataPipeline;
  readonly candles: CandleKeeper;
  readonly candleReader: CandleReader;
  readonly retention: CandleRetention;
  readonly warmUp: CandleWarmUp;
  readonly publisher: LiveMarketPublisher;
  readonly stream: FrameStream;
  readonly standby: StandbyMarket;
  readonly market: CurrentMarket;
  readonly status: LaneStatus;
}

/**
 * One feed of this process, from the vendor's socket to shared memory, with a lease, candles and a status of its own.
 * Lanes share nothing but the connections to Redis and PostgreSQL: what happens to one does not happen to another.
 *
 * Connects the feed while this instance holds its lease, and says good-bye to the vendor before another may.
 */
export class FeedLane {
  private timer: NodeJS.Timeout | undefined;

  constructor(readonly parts: LaneParts) {
    parts.pipeline.onTradesLost = (symbols) => parts.warmUp.again(symbols);
    parts.warmUp.onFilled = (symbol, from, to) => parts.pipeline.minutesFilled(symbol, from, to);
  }

  get name(): FeedName {
    return this.parts.feed.name;
  }

  /** The lane is ready without its vendor: the outcome shows in its status. */
  start(): void {
    this.parts.retention.start();
    this.parts.lease.start({
      begun: (fence) => this.take(fence),
      ended: () => this.leave(),
      waiting: () => this.parts.standby.follow(),
    });
  }

  /** Log out first, then give the lease back: whoever waits may log in at once. */
  async stop(): Promise<void> {
    this.parts.retention.stop();
    this.parts.warmUp.end();
    await this.parts.lease.stop();
  }

  private take(fence: number): void {
    const { feed, pipeline, candles, warmUp, standby } = this.parts;
    standby.leave();
    pipeline.beginTerm();
    candles.begin(fence);
    warmUp.begin();
    void feed.connect();
    if (feed.name === 'replay') return;
    this.timer = setInterval(() => pipeline.closeQuietBars(), BAR_TIMER_MS);
  }

  private async leave(): Promise<void> {
    clearInterval(this.timer);
    this.parts.warmUp.end();
    await this.parts.feed.disconnect();
    await this.parts.candles.end();
  }
}
