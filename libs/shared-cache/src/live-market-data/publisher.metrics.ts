import type { FeedName } from '@tickbridge/contracts';
import { Counter, Histogram, type Registry } from 'prom-client';

/** What publishers of live data tell Prometheus, by feed. */
export class PublisherMetrics {
  private readonly flushSeconds: Histogram;
  private readonly frameTicks: Histogram;
  private readonly frameBytes: Histogram;

  /** @param ticksPublished asked when Prometheus asks: the hot path only counts */
  constructor(registry: Registry, feeds: readonly FeedName[], ticksPublished: (feed: FeedName) => number) {
    const shared = { labelNames: ['feed'], registers: [registry] };
    const ticks: Counter = new Counter({
      ...shared,
      name: 'live_ticks_published_total',
      help: 'Ticks handed to the publisher',
      collect: () => {
        ticks.reset();
        for (const feed of feeds) ticks.inc({ feed }, ticksPublished(feed));
      },
    });
    this.flushSeconds = new Histogram({
      ...shared,
      name: 'live_flush_duration_seconds',
      help: 'Time Redis takes for one flush of changed ticks',
      buckets: [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.1, 0.25],
    });
    this.frameTicks = new Histogram({
      ...shared,
      name: 'live_frame_ticks',
      help: 'Symbols that changed, per frame',
      buckets: [0, 1, 2, 5, 10, 25, 50, 100, 250, 1_000, 5_000],
    });
    this.frameBytes = new Histogram({
      ...shared,
      name: 'live_frame_bytes',
      help: 'Size of a frame as it is published',
      buckets: [100, 250, 1_000, 2_500, 10_000, 25_000, 100_000, 1_000_000],
    });
  }

  flush(feed: FeedName, durationMs: number): void {
    this.flushSeconds.observe({ feed }, durationMs / 1_000);
  }

  frame(feed: FeedName, ticks: number, bytes: number): void {
    this.frameTicks.observe({ feed }, ticks);
    this.frameBytes.observe({ feed }, bytes);
  }
}
