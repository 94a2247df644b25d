import type { FeedName, MarketSnapshot } from '@tickbridge/contracts';
import type { LiveMarketData } from '@tickbridge/shared-cache';
import { MarketView } from './market-view';

/** Live feeds: the newest tick in this process's replica. */
export class LiveMarketView extends MarketView {
  constructor(
    private readonly live: LiveMarketData,
    private readonly source: FeedName,
  ) {
    super();
  }

  override observe(): void {
    // The replica is newer than any bar.
  }

  override snapshot(symbol: string): MarketSnapshot {
    const known = this.live.get(symbol);
    if (!known) return { source: this.source, lastPrice: null, bid: null, ask: null, ageMs: null };
    const { lastPrice, bid, ask } = known.tick;
    return { source: this.source, lastPrice, bid, ask, ageMs: known.ageMs };
  }
}
