import { type Bar, barCloseTime, type FeedName } from '@tickbridge/contracts';
import type { SizedMarket } from '@tickbridge/trading-core';
import type { TradingClock } from './trading-clock';
import { type KnownMarket, MarketView } from './market-view';

/** Replays: close and closing quote of each symbol's newest bar, whatever the speed of the replay. */
export class RecordedMarketView extends MarketView {
  private readonly newest = new Map<string, Bar>();

  constructor(
    private readonly source: FeedName,
    private readonly clock: TradingClock,
  ) {
    super();
  }

  override observe(bar: Bar): void {
    this.newest.set(bar.symbol, bar);
  }

  override snapshot(symbol: string): KnownMarket {
    const bar = this.newest.get(symbol);
    if (!bar) return { source: this.source, lastPrice: null, bid: null, ask: null, ageMs: null };
    const ageMs = Math.max(0, this.clock.now() - barCloseTime(bar));
    return { source: this.source, lastPrice: bar.close, bid: bar.bid, ask: bar.ask, ageMs };
  }

  override quote(symbol: string): SizedMarket {
    const bar = this.newest.get(symbol);
    if (!bar) return { lastPrice: null, bid: null, bidQuantity: null, ask: null, askQuantity: null };
    const { close, bid, bidQuantity, ask, askQuantity } = bar;
    return { lastPrice: close, bid, bidQuantity, ask, askQuantity };
  }
}
