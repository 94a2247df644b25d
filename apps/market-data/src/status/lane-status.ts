import {
  toIso,
  type DependencyHealth,
  type FeedStatus,
  type MarketStatus,
  type Tick,
} from '@tickbridge/contracts';
import type { ExchangeCalendar, VendorStatus } from '@tickbridge/trading-core';
import type { Feed, FeedConnection } from '../feeds/feed';
import type { SubscribedInstruments } from '../instruments/subscribed-instruments';
import type { FeedLease } from '../lease/feed-lease';
import type { CurrentMarket } from '../market/current-market';
import type { MarketDataPipeline } from '../market/market-data.pipeline';
import { marketHours } from './market-hours';

/** One truth about a feed, for people, health and metrics. */
export class LaneStatus {
  constructor(
    private readonly feed: Feed,
    private readonly lease: FeedLease,
    private readonly pipeline: MarketDataPipeline,
    private readonly market: CurrentMarket,
    private readonly calendar: ExchangeCalendar,
    private readonly instruments: SubscribedInstruments,
  ) {}

  status(now: number = Date.now()): FeedStatus {
    const { newestTick } = this.pipeline;
    const lease = this.lease.status();
    const connection = this.connection();
    return {
      feed: this.feed.name,
      simulated: this.feed.simulated,
      ...connection,
      symbolsRefused: [...connection.symbolsRefused, ...this.instruments.unlisted],
      dataFlowing:
        connection.connected &&
        newestTick !== undefined &&
        now - newestTick.receivedAt <= this.feed.silenceLimitMs,
      symbolsActive: this.pipeline.symbolsWithPrice,
      symbolsStale: this.countStale(now),
      lastTickAt: newestTick === undefined ? null : toIso(newestTick.receivedAt),
      marketStatus: this.marketStatus(now),
      leaseHolder: lease.holder,
      lease,
      clockOffsetMs: this.pipeline.vendorClock.offsetMs,
      ...this.pipeline.figures(),
    };
  }

  /** What the market behind the feed does, by calendar and vendor; `null` of a recording. */
  marketStatus(now: number): MarketStatus | null {
    return marketHours(this.feed.name, this.feed.vendorWord, this.calendar, now);
  }

  /** What the vendor says of its market; `null` while it says nothing that can be understood. */
  vendorStatus(now: number): VendorStatus | null {
    return this.feed.vendorWord?.status(now, this.calendar.file.vendorNames) ?? null;
  }

  /** The service answers without its feed, so a lost feed degrades it and does not take it down. */
  health(): DependencyHealth {
    const status = this.status();
    if (status.state === 'finished') return { status: 'up', detail: 'the recording has been played' };
    // The clock of a recording says nothing about ours.
    const clock = this.feed.simulated ? null : this.pipeline.vendorClock.remark;
    // Trades that come while the market is closed by our clock are the best sign that our clock is wrong.
    if (status.connected && clock !== null) return { status: 'degraded', detail: clock };
    if (status.dataFlowing) return { status: 'up' };
    // Silence is what a closed market sounds like.
    if (status.connected && status.marketStatus?.state === 'closed') {
      return { status: 'up', detail: 'connected; the market is closed' };
    }
    const why = status.connected
      ? 'connected, but no data'
      : `${status.state}: ${status.lastError ?? 'no connection'}`;
    return { status: 'degraded', detail: this.lease.waitingFor() ?? why };
  }

  /** An instance that waits for the lease has no connection, and says whom it waits for. */
  connection(): FeedConnection {
    const connection = this.feed.connection();
    const waitingFor = this.lease.waitingFor();
    return waitingFor === null ? connection : { ...connection, state: 'waiting', lastError: waitingFor };
  }

  /**
   * Whether a price is not to be relied on: this feed is not connected, or the symbol was silent for longer than a
   * healthy connection is. Of another instance's market only ages are known.
   *
   * @param now ms since 1970
   */
  isStale({ symbol, receivedAt }: Tick, now: number): boolean {
    if (now - receivedAt > this.feed.silenceLimitMs) return true;
    const state = this.feed.stateOf(symbol);
    return !this.market.isFollowed && state !== 'connected' && state !== 'finished';
  }

  private countStale(now: number): number {
    let stale = 0;
    for (const tick of this.market.ticks()) if (this.isStale(tick, now)) stale += 1;
    return stale;
  }
}
