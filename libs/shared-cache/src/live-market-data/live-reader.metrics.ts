import type { FeedName } from '@tickbridge/contracts';
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

/** What readers of live data tell Prometheus, by feed. */
export class LiveReaderMetrics {
  private readonly ageSeconds: Histogram;
  private readonly gaps: Counter;
  private readonly switches: Counter;

  /** @param newestAgeMs age of a feed's newest tick at this reader; `null` before the first */
  constructor(
    registry: Registry,
    feeds: readonly FeedName[],
    newestAgeMs: (feed: FeedName) => number | null,
  ) {
    const shared = { labelNames: ['feed'], registers: [registry] };
    this.ageSeconds = new Histogram({
      ...shared,
      name: 'live_tick_age_seconds',
      help: 'From the vendor’s socket to this reader: age of the oldest tick of each frame when it was applied',
      buckets: [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5, 30],
    });
    this.gaps = new Counter({
      ...shared,
      name: 'live_frame_gaps_total',
      help: 'Frames this reader missed and repaired by a snapshot',
    });
    this.switches = new Counter({
      ...shared,
      name: 'live_source_switches_total',
      help: 'How often this reader changed its source since start',
    });
    const newest = new Gauge({
      ...shared,
      name: 'live_newest_tick_age_seconds',
      help: 'Age of the newest tick at this reader',
      collect: () => {
        for (const feed of feeds) {
          const ageMs = newestAgeMs(feed);
          if (ageMs !== null) newest.set({ feed }, ageMs / 1_000);
        }
      },
    });
    for (const feed of feeds) {
      this.gaps.inc({ feed }, 0);
      this.switches.inc({ feed }, 0);
    }
  }

  age(feed: FeedName, ageMs: number): void {
    this.ageSeconds.observe({ feed }, ageMs / 1_000);
  }

  gap(feed: FeedName): void {
    this.gaps.inc({ feed });
  }

  sourceSwitch(feed: FeedName): void {
    this.switches.inc({ feed });
  }
}
