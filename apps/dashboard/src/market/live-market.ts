import { Injectable } from '@nestjs/common';
import { isRealFeed } from '@tickbridge/contracts';
import { LiveMarketData } from '@tickbridge/shared-cache';
import { DashboardConfig } from '../config/app.config';
import type { MarketState } from '@tickbridge/trading-core';

/** The live replica of this process, as views are computed from. */
@Injectable()
export class LiveMarket {
  constructor(
    private readonly config: DashboardConfig,
    private readonly live: LiveMarketData,
  ) {}

  state(now: number = Date.now()): MarketState {
    const { source, asOf } = this.live.getAll();
    return { ticks: this.live.allInLocalTime(), source, asOf, simulated: this.simulated, now };
  }

  /** Some prices are made up or recorded. */
  get simulated(): boolean {
    return !this.config.feeds.every(isRealFeed);
  }
}
