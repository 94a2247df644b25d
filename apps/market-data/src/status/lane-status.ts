import { Injectable } from '@nestjs/common';
import { toIso, type DependencyHealth, type FeedStatus } from '@tickbridge/contracts';
import { Feed, type FeedConnection } from '../feeds/feed';
import { FeedLease } from '../lease/feed-lease';
import { MarketDataPipeline } from '../market/market-data.pipeline';

/** One truth about the feed, for people, health and metrics. */
@Injectable()
export class FeedStatusService {
  constructor(
    private readonly feed: Feed,
    private readonly lease: FeedLease,
    private readonly pipeline: MarketDataPipeline,
  ) {}

  status(now: number = Date.now()): FeedStatus {
    const { newestTick } = this.pipeline;
    const lease = this.lease.status();
    const connection = this.connection();
    return {
      feed: this.feed.name,
      simulated: this.feed.simulated,
      ...connection,
      dataFlowing:
        connection.connected &&
        newestTick !== undefined &&
        now - newestTick.receivedAt <= this.feed.silenceLimitMs,
      symbolsActive: this.pipeline.symbolsWithPrice,
      lastTickAt: newestTick === undefined ? null : toIso(newestTick.receivedAt),
      leaseHolder: lease.holder,
      lease,
      ...this.pipeline.figures(),
    };
  }

  /** The service answers without its feed, so a lost feed degrades it and does not take it down. */
  health(): DependencyHealth {
    const status = this.status();
    if (status.state === 'finished') return { status: 'up', detail: 'the recording has been played' };
    if (status.dataFlowing) return { status: 'up' };
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
}
