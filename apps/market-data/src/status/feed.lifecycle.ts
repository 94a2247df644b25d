import { Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { CandleKeeper } from '../candles/candle.keeper';
import { CandleWarmUp } from '../candles/candle.warm-up';
import { Feed } from '../feeds/feed';
import { FeedLease } from '../lease/feed-lease';
import { MarketDataPipeline } from '../market/market-data.pipeline';
import { StandbyMarket } from '../market/standby-market';

/** How often quiet bars are looked at (ms). */
const BAR_TIMER_MS = 250;

/** Connects the feed while this instance holds its lease, and says good-bye to the vendor before another may. */
@Injectable()
export class FeedLifecycle implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly feed: Feed,
    private readonly lease: FeedLease,
    private readonly pipeline: MarketDataPipeline,
    private readonly candles: CandleKeeper,
    private readonly warmUp: CandleWarmUp,
    private readonly standby: StandbyMarket,
  ) {}

  /** The service is ready without its vendor: the outcome shows in the feed's status. */
  onApplicationBootstrap(): void {
    this.lease.start({
      begun: (fence) => this.take(fence),
      ended: () => this.leave(),
      waiting: () => this.standby.follow(),
    });
  }

  /** Log out first, then give the lease back: whoever waits may log in at once. */
  async beforeApplicationShutdown(): Promise<void> {
    await this.lease.stop();
  }

  private take(fence: number): void {
    this.standby.leave();
    this.pipeline.beginTerm();
    this.candles.begin(fence);
    this.warmUp.begin();
    void this.feed.connect();
    if (this.feed.name === 'replay') return;
    this.timer = setInterval(() => this.pipeline.closeQuietBars(), BAR_TIMER_MS);
  }

  private async leave(): Promise<void> {
    clearInterval(this.timer);
    this.warmUp.end();
    await this.feed.disconnect();
    await this.candles.end();
  }
}
