import type { LiveSource, Tick } from '@tickbridge/contracts';
import type { FeedLanes } from '../lanes/feed-lanes';

/** From the best way to the poorest. */
const WAYS: readonly LiveSource[] = ['in-process', 'redis', 'http', 'file'];

/** All lanes' markets as one. Symbols of different feeds are different instruments. */
export class WholeMarket {
  constructor(private readonly lanes: FeedLanes) {}

  /** The poorest way that any lane's ticks came; `none` while there are none. */
  get source(): LiveSource {
    const ways = this.lanes.all.map(({ parts }) => WAYS.indexOf(parts.market.source));
    return WAYS[Math.max(...ways)] ?? 'none';
  }

  /** When the newest tick was received from any vendor (ms since 1970); `null` before the first. */
  get newestReceivedAt(): number | null {
    let newest: number | null = null;
    for (const { parts } of this.lanes.all) {
      const receivedAt = parts.market.newestReceivedAt;
      if (receivedAt !== null && receivedAt > (newest ?? 0)) newest = receivedAt;
    }
    return newest;
  }

  /** Symbols that have a price. */
  get size(): number {
    return this.lanes.all.reduce((sum, { parts }) => sum + parts.market.size, 0);
  }

  *ticks(): Iterable<Tick> {
    for (const { parts } of this.lanes.all) yield* parts.market.ticks();
  }

  /**
   * Symbols whose price is not to be relied on now: their feed is not connected, or they were silent for longer than a
   * healthy connection is.
   *
   * @param now ms since 1970
   */
  staleSymbols(now: number): string[] {
    const stale: string[] = [];
    for (const { parts } of this.lanes.all) {
      for (const tick of parts.market.ticks()) if (parts.status.isStale(tick, now)) stale.push(tick.symbol);
    }
    return stale;
  }
}
