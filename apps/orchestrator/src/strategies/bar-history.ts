import type { Bar, FeedName } from '@tickbridge/contracts';

/** Bars kept per symbol: enough to warm a strategy up again after its parameters changed. */
const BARS_PER_SYMBOL = 500;

/** The newest bars of every symbol, by feed, in the order in which they came. */
export class BarHistory {
  private readonly byFeed = new Map<FeedName, Map<string, Bar[]>>();

  add(feed: FeedName, bar: Bar): void {
    const bySymbol = this.byFeed.get(feed) ?? new Map<string, Bar[]>();
    this.byFeed.set(feed, bySymbol);
    const bars = bySymbol.get(bar.symbol);
    if (!bars) {
      bySymbol.set(bar.symbol, [bar]);
      return;
    }
    bars.push(bar);
    if (bars.length > BARS_PER_SYMBOL * 1.25) bars.splice(0, bars.length - BARS_PER_SYMBOL);
  }

  symbols(feed: FeedName): readonly string[] {
    return [...(this.byFeed.get(feed)?.keys() ?? [])];
  }

  *bars(feed: FeedName): Generator<Bar> {
    for (const bars of this.byFeed.get(feed)?.values() ?? []) yield* bars;
  }
}
