import { type Bar, barCloseTime, type FeedName } from '@tickbridge/contracts';

/** Bars kept per symbol: enough to go on from stored candles, which come a little later. */
const BARS_PER_SYMBOL = 500;

/** The newest bars of every symbol, by feed. */
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

  /** Of all symbols, in order of their close: what one shows may finish a longer bar of another. */
  bars(feed: FeedName): readonly Bar[] {
    const bars = [...(this.byFeed.get(feed)?.values() ?? [])].flat();
    return bars.sort((a, b) => barCloseTime(a) - barCloseTime(b) || a.sequence - b.sequence);
  }
}
