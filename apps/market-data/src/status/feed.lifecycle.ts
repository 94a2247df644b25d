import { Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { Feed } from '../feeds/feed';
import { MarketDataPipeline } from '../market/market-data.pipeline';

/** How often quiet bars are looked at (ms). */
const BAR_TIMER_MS = 250;

/** Connects the feed at start and says good-bye to the vendor at the end. */
@Injectable()
export class FeedLifecycle implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly feed: Feed,
    private readonly pipeline: MarketDataPipeline,
  ) {}

  /** The service is ready without its vendor: the outcome shows in the feed's status. */
  onApplicationBootstrap(): void {
    void this.feed.connect();
    if (this.feed.name !== 'replay') {
      this.timer = setInterval(() => this.pipeline.closeQuietBars(), BAR_TIMER_MS);
    }
  }

  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    await this.feed.disconnect();
  }
}
