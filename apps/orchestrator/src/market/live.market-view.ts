import type { LiveMarketData } from '@tickbridge/shared-cache';
import type { SizedMarket } from '@tickbridge/trading-core';
import { type KnownMarket, MarketView } from './market-view';

/** What was older than this when it came, by the exchange's clock, fills no order (ms). */
const MAX_LAG_MS = 5_000;

/** Live feeds: the newest tick in this process's replica. */
export class LiveMarketView extends MarketView {
  constructor(private readonly live: LiveMarketData) {
    super();
  }

  override observe(): void {
    // The replica is newer than any bar.
  }

  override snapshot(symbol: string): KnownMarket {
    const known = this.live.get(symbol);
    if (!known) return { source: null, lastPrice: null, bid: null, ask: null, ageMs: null };
    const { source, lastPrice, bid, ask } = known.tick;
    return { source, lastPrice, bid, ask, ageMs: known.ageMs + known.tick.lagMs };
  }

  override quote(symbol: string): SizedMarket {
    const known = this.live.get(symbol);
    // A summary of yesterday that came just now is no market to trade with.
    if (!known || known.tick.lagMs > MAX_LAG_MS) {
      return { lastPrice: null, bid: null, bidQuantity: null, ask: null, askQuantity: null };
    }
    const { lastPrice, bid, bidQuantity, ask, askQuantity } = known.tick;
    return { lastPrice, bid, bidQuantity, ask, askQuantity };
  }
}
