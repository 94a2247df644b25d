import { Injectable } from '@nestjs/common';
import type { Signal } from '@tickbridge/contracts';
import {
  SIGNAL_CAPACITY,
  SignalBuffer,
  type SignalQuery,
  type SignalStats,
  summarize,
} from '@tickbridge/shared-cache';
import { TradingFeeds } from '../market/trading-feeds';
import { SignalRepository } from './signal.repository';

/**
 * The newest signals, for reading.
 *
 * Live they come from the shared buffer, which forgets what is older than a day. Signals of a recorded day are always
 * older than that, so for a replay their durable home answers.
 */
@Injectable()
export class RecentSignals {
  constructor(
    private readonly buffer: SignalBuffer,
    private readonly repository: SignalRepository,
    private readonly feeds: TradingFeeds,
  ) {}

  async recent(query: SignalQuery): Promise<Signal[]> {
    return this.feeds.recorded ? this.repository.select(query) : this.buffer.recent(query);
  }

  async stats(): Promise<SignalStats> {
    if (!this.feeds.recorded) return this.buffer.stats();
    return summarize((await this.repository.select({ count: SIGNAL_CAPACITY })).reverse());
  }
}
