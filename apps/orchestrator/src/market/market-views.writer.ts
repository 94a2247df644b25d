import { Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { type FeedName, isRealFeed } from '@tickbridge/contracts';
import { CacheService, LiveMarketData, marketViews, marketViewsKey } from '@tickbridge/shared-cache';
import {
  breadthView,
  type MarketState,
  moversView,
  overviewView,
  regimeView,
  tickersView,
} from '@tickbridge/trading-core';

/** Far shorter than the views live, so that none ends while this process runs (milliseconds). */
const CADENCE_MS = 1_000;
const MOVERS = 50;

/** Views of the whole market, computed here once a second for every process that shows them. */
export class MarketViewsWriter implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger('MarketViews');
  private timer: NodeJS.Timeout | undefined;
  private writing = false;

  constructor(
    private readonly feeds: readonly FeedName[],
    private readonly live: LiveMarketData,
    private readonly cache: CacheService,
  ) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => void this.turn(), CADENCE_MS);
  }

  onApplicationShutdown(): void {
    clearInterval(this.timer);
  }

  /** Computes and writes once. Before the first tick there is nothing to show, and nothing is written. */
  async write(now = Date.now()): Promise<void> {
    const { source, asOf } = this.live.getAll();
    const ticks = this.live.allInLocalTime();
    if (ticks.size === 0) return;
    const key = marketViewsKey(this.feeds);
    const simulated = !this.feeds.every(isRealFeed);
    const state: MarketState = { ticks, source, asOf, simulated, now };
    await Promise.all([
      this.cache.set(marketViews.overview, key, overviewView(state)),
      this.cache.set(marketViews.tickers, key, tickersView(state)),
      this.cache.set(marketViews.movers, key, moversView(state, MOVERS)),
      this.cache.set(marketViews.breadth, key, breadthView(state)),
      this.cache.set(marketViews.regime, key, regimeView(state)),
    ]);
  }

  private async turn(): Promise<void> {
    if (this.writing) return;
    this.writing = true;
    try {
      await this.write();
    } catch (error) {
      this.logger.error(`views not written: ${(error as Error).message}`);
    } finally {
      this.writing = false;
    }
  }
}
