import type { Bar, FeedName, MarketSnapshot } from '@tickbridge/contracts';
import type { SizedMarket } from '@tickbridge/trading-core';

/** A price to value a position at, with its age in milliseconds. */
export interface Mark {
  price: number;
  ageMs: number;
}

/** Last price and quote of a symbol; `null` what is not known, the feed too while no price came. */
export type KnownMarket = Omit<MarketSnapshot, 'source'> & { readonly source: FeedName | null };

/** The market that orders are decided on and filled at. */
export abstract class MarketView {
  /** Told about every bar before it is acted on. */
  abstract observe(bar: Bar): void;

  /** Last price and quote of a symbol; prices are `null` while none is known. */
  abstract snapshot(symbol: string): KnownMarket;

  /** Last price and quote with the quoted sizes: what the paper broker trades against. */
  abstract quote(symbol: string): SizedMarket;

  mark(symbol: string): Mark | undefined {
    const { lastPrice, ageMs } = this.snapshot(symbol);
    return lastPrice === null || ageMs === null ? undefined : { price: lastPrice, ageMs };
  }
}
