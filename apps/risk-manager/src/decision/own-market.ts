import type { FeedName } from '@tickbridge/contracts';
import { LiveMarketData } from '@tickbridge/shared-cache';

/** A symbol as this service knows it by itself. */
export interface OwnPrice {
  lastPrice: number;
  /** By the exchange's clock. */
  ageMs: number;
  /** When the exchange says the last trade happened (ms since 1970); `null` while only a summary told the price. */
  tradedAt: number | null;
  /** `null` while the vendor has not said it. */
  previousClose: number | null;
}

/** Prices as this service knows them by itself, to compare with what the asking side says. */
export abstract class OwnMarket {
  /** @returns `undefined` without a price, `'same'` in a replay, where the recorded price is the only one there is */
  abstract price(symbol: string, feed: FeedName): OwnPrice | 'same' | undefined;

  /** Newest price of a symbol, recorded ones included; `undefined` while none is known. */
  abstract newest(symbol: string, feed: FeedName): number | undefined;
}

/** Compares with this process's replica of live market data. A replay may run faster than the replica travels. */
export class LiveOwnMarket extends OwnMarket {
  constructor(
    private readonly live: LiveMarketData,
    private readonly feeds: readonly FeedName[],
  ) {
    super();
  }

  override price(symbol: string, feed: FeedName): OwnPrice | 'same' | undefined {
    if (!this.feeds.includes(feed)) return undefined;
    if (feed === 'replay') return 'same';
    const known = this.live.feed(feed).get(symbol);
    return (
      known && {
        lastPrice: known.tick.lastPrice,
        ageMs: known.ageMs + known.tick.lagMs,
        tradedAt: known.tick.tradedAt,
        previousClose: known.tick.previousClose,
      }
    );
  }

  override newest(symbol: string, feed: FeedName): number | undefined {
    return this.feeds.includes(feed) ? this.live.feed(feed).get(symbol)?.tick.lastPrice : undefined;
  }
}
