import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { DependencyHealth } from '@tickbridge/contracts';
import { HealthRegistry, MetricsRegistry } from '@tickbridge/service-bootstrap';
import { Counter, Gauge } from 'prom-client';
import type { LaneParts } from './feed-lane';
import { FeedLanes } from './feed-lanes';

type Read<T> = (lane: LaneParts) => T;

/** The feeds in `/health/ready` and `/metrics`. Figures are read when asked for: the hot path pays nothing. */
@Injectable()
export class FeedObservability implements OnModuleInit {
  constructor(
    private readonly health: HealthRegistry,
    private readonly metrics: MetricsRegistry,
    private readonly lanes: FeedLanes,
  ) {}

  onModuleInit(): void {
    this.health.register('feed', () => this.feedHealth());
    this.registerIntake();
    this.registerConnection();
    this.registerCandles();
  }

  /** As good as the worst of the feeds. */
  private feedHealth(): DependencyHealth {
    const healths = this.lanes.all.map(({ name, parts }) => ({ name, ...parts.status.health() }));
    const [only] = healths;
    if (only !== undefined && healths.length === 1) {
      const { name: _, ...health } = only;
      return health;
    }
    const troubled = healths.filter(({ status }) => status !== 'up');
    const details = (troubled.length > 0 ? troubled : healths).flatMap(({ name, detail }) =>
      detail === undefined ? [] : [`${name}: ${detail}`],
    );
    return {
      status: troubled.length > 0 ? 'degraded' : 'up',
      ...(details.length > 0 && { detail: details.join('; ') }),
    };
  }

  private registerIntake(): void {
    this.count(
      'tickbridge_feed_ticks_total',
      'Accepted updates',
      ({ pipeline }) => pipeline.figures().ticksAccepted,
    );
    this.count('tickbridge_feed_trades_total', 'Accepted trades', ({ pipeline }) =>
      Object.values(pipeline.figures().tradesBySymbol).reduce((sum, trades) => sum + trades, 0),
    );
    this.count(
      'tickbridge_feed_missed_trades_total',
      'Numbered trades that never arrived',
      ({ pipeline }) => {
        return pipeline.figures().missedTrades;
      },
    );
    this.count(
      'tickbridge_feed_late_trades_total',
      'Trades that came after their bar had closed',
      ({ pipeline }) => {
        return pipeline.lateTrades;
      },
    );
    this.countBy('tickbridge_feed_rejected_total', 'Rejected frames and ticks', 'reason', ({ pipeline }) => {
      return pipeline.figures().rejected;
    });
    this.countBy('tickbridge_feed_ignored_total', 'Frames of kinds not used', 'kind', ({ pipeline }) => {
      return pipeline.figures().ignored;
    });
    this.gauge(
      'tickbridge_feed_symbols',
      'Symbols with a price',
      ({ pipeline }) => pipeline.symbolsWithPrice,
    );
    this.gauge(
      'tickbridge_feed_symbols_stale',
      'Symbols whose price is not to be relied on',
      ({ status }) => {
        return status.status().symbolsStale ?? 0;
      },
    );
  }

  private registerConnection(): void {
    this.count('tickbridge_feed_reconnects_total', 'Connections made again after a loss', ({ feed }) => {
      return feed.connection().reconnects;
    });
    this.gauge('tickbridge_feed_connected', '1 while the vendor connection stands', ({ feed }) =>
      feed.connection().connected ? 1 : 0,
    );
    this.gauge(
      'tickbridge_feed_lease_held',
      '1 while this instance may hold the vendor login',
      ({ lease }) => (lease.status().state === 'waiting' ? 0 : 1),
    );
    this.gauge(
      'tickbridge_feed_clock_offset_seconds',
      "This machine's clock less the vendor's; absent before the first trade",
      ({ pipeline: { vendorClock } }) =>
        vendorClock.offsetMs === null ? undefined : vendorClock.offsetMs / 1_000,
    );
    this.gauge('tickbridge_feed_data_flowing', '1 while ticks arrive', ({ status }) =>
      status.status().dataFlowing ? 1 : 0,
    );
    this.gauge('tickbridge_feed_market_open', '1 while the exchange trades', ({ status }) =>
      status.status().marketStatus?.state === 'closed' ? 0 : 1,
    );
  }

  private registerCandles(): void {
    this.count('tickbridge_candles_written_total', 'Candle states written to PostgreSQL', ({ candles }) => {
      return candles.figures().written;
    });
    this.count('tickbridge_candles_batches_total', 'Statements they were written with', ({ candles }) => {
      return candles.figures().batches;
    });
    this.countBy(
      'tickbridge_candles_lost_total',
      'Candles that were not written',
      'reason',
      ({ candles }) => {
        const { givenUp, refused, misplaced } = candles.figures();
        return { 'too many waiting': givenUp, refused, 'not on its interval': misplaced };
      },
    );
    this.countBy(
      'tickbridge_candles_late_trades_total',
      'Late trades per candle they concerned',
      'outcome',
      ({ candles }) => {
        const { lateAmended, lateDropped } = candles.figures();
        return { amended: lateAmended, dropped: lateDropped };
      },
    );
    this.gauge('tickbridge_candles_waiting', 'Candle states that wait for PostgreSQL', ({ candles }) => {
      return candles.figures().waiting;
    });
    this.gauge(
      'tickbridge_candles_window_bytes',
      'Memory of the candles kept in this process',
      ({ candles }) => {
        return candles.figures().windowBytes;
      },
    );
  }

  private count(name: string, help: string, read: Read<number>): void {
    const { lanes } = this;
    new Counter({
      name,
      help,
      labelNames: ['feed'],
      registers: [this.metrics],
      collect() {
        this.reset();
        for (const { name: feed, parts } of lanes.all) this.inc({ feed }, read(parts));
      },
    });
  }

  private countBy(name: string, help: string, label: string, read: Read<Record<string, number>>): void {
    const { lanes } = this;
    new Counter({
      name,
      help,
      labelNames: ['feed', label],
      registers: [this.metrics],
      collect() {
        this.reset();
        for (const { name: feed, parts } of lanes.all) {
          for (const [value, count] of Object.entries(read(parts))) this.inc({ feed, [label]: value }, count);
        }
      },
    });
  }

  private gauge(name: string, help: string, read: Read<number | undefined>): void {
    const { lanes } = this;
    new Gauge({
      name,
      help,
      labelNames: ['feed'],
      registers: [this.metrics],
      collect() {
        for (const { name: feed, parts } of lanes.all) {
          const figure = read(parts);
          if (figure !== undefined) this.set({ feed }, figure);
        }
      },
    });
  }
}
