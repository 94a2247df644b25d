import { Injectable, type OnModuleInit } from '@nestjs/common';
import { HealthRegistry, MetricsRegistry } from '@tickbridge/service-bootstrap';
import { Counter, Gauge } from 'prom-client';
import { CandleKeeper } from '../candles/candle.keeper';
import { MarketDataPipeline } from '../market/market-data.pipeline';
import { FeedStatusService } from './feed-status.service';

/** The feed in `/health/ready` and `/metrics`. Figures are read when asked for: the hot path pays nothing. */
@Injectable()
export class FeedObservability implements OnModuleInit {
  constructor(
    private readonly health: HealthRegistry,
    private readonly metrics: MetricsRegistry,
    private readonly feed: FeedStatusService,
    private readonly pipeline: MarketDataPipeline,
    private readonly candles: CandleKeeper,
  ) {}

  onModuleInit(): void {
    this.health.register('feed', () => this.feed.health());
    this.count(
      'tickbridge_feed_ticks_total',
      'Accepted updates',
      () => this.pipeline.figures().ticksAccepted,
    );
    this.count('tickbridge_feed_trades_total', 'Accepted trades', () =>
      Object.values(this.pipeline.figures().tradesBySymbol).reduce((sum, trades) => sum + trades, 0),
    );
    this.count('tickbridge_feed_missed_trades_total', 'Numbered trades that never arrived', () => {
      return this.pipeline.figures().missedTrades;
    });
    this.count('tickbridge_feed_late_trades_total', 'Trades that came after their bar had closed', () => {
      return this.pipeline.lateTrades;
    });
    this.count('tickbridge_feed_reconnects_total', 'Connections made again after a loss', () => {
      return this.feed.status().reconnects;
    });
    this.count('tickbridge_candles_written_total', 'Candle states written to PostgreSQL', () => {
      return this.candles.figures().written;
    });
    this.count('tickbridge_candles_batches_total', 'Statements they were written with', () => {
      return this.candles.figures().batches;
    });
    this.countBy('tickbridge_candles_lost_total', 'Candle states that were not written', 'reason', () => {
      const { givenUp, refused } = this.candles.figures();
      return { 'too many waiting': givenUp, refused };
    });
    this.countBy(
      'tickbridge_candles_late_trades_total',
      'Late trades per candle they concerned',
      'outcome',
      () => {
        const { lateAmended, lateDropped } = this.candles.figures();
        return { amended: lateAmended, dropped: lateDropped };
      },
    );
    this.gauge('tickbridge_candles_waiting', 'Candle states that wait for PostgreSQL', () => {
      return this.candles.figures().waiting;
    });
    this.gauge('tickbridge_candles_window_bytes', 'Memory of the candles kept in this process', () => {
      return this.candles.figures().windowBytes;
    });
    this.countBy('tickbridge_feed_rejected_total', 'Rejected frames and ticks', 'reason', () => {
      return this.pipeline.figures().rejected;
    });
    this.countBy('tickbridge_feed_ignored_total', 'Frames of kinds not used', 'kind', () => {
      return this.pipeline.figures().ignored;
    });
    this.gauge('tickbridge_feed_connected', '1 while the vendor connection stands', () =>
      this.feed.status().connected ? 1 : 0,
    );
    this.gauge('tickbridge_feed_lease_held', '1 while this instance may hold the vendor login', () =>
      this.feed.status().lease.state === 'waiting' ? 0 : 1,
    );
    this.gauge('tickbridge_feed_data_flowing', '1 while ticks arrive', () =>
      this.feed.status().dataFlowing ? 1 : 0,
    );
    this.gauge('tickbridge_feed_symbols', 'Symbols with a price', () => this.pipeline.symbolsWithPrice);
  }

  private count(name: string, help: string, read: () => number): void {
    new Counter({
      name,
      help,
      registers: [this.metrics],
      collect() {
        this.reset();
        this.inc(read());
      },
    });
  }

  private countBy(name: string, help: string, label: string, read: () => Record<string, number>): void {
    new Counter({
      name,
      help,
      labelNames: [label],
      registers: [this.metrics],
      collect() {
        this.reset();
        for (const [value, count] of Object.entries(read())) this.inc({ [label]: value }, count);
      },
    });
  }

  private gauge(name: string, help: string, read: () => number): void {
    new Gauge({
      name,
      help,
      registers: [this.metrics],
      collect() {
        this.set(read());
      },
    });
  }
}
