import { Injectable } from '@nestjs/common';
import { MANUAL_STRATEGY, type Product } from '@tickbridge/contracts';
import { defaultProduct, overnightProduct } from '@tickbridge/trading-core';
import type { StoredAccount } from '../accounts/account.repository';
import { TradingFeeds } from '../market/trading-feeds';
import { PositionBook } from '../positions/position-book';
import { StrategyDesk } from '../strategies/strategy-desk';

/** What orders are held as. */
@Injectable()
export class OrderProducts {
  constructor(
    private readonly book: PositionBook,
    private readonly strategies: StrategyDesk,
    private readonly feeds: TradingFeeds,
  ) {}

  /**
   * That of the position it changes, else what the strategy names, else what the instrument offers first.
   *
   * A person who holds nothing of a symbol brings down what strategies hold, as what they hold it.
   */
  async of({ id, feed }: StoredAccount, strategy: string, symbol: string): Promise<Product> {
    const named =
      this.book.product(id, strategy, symbol) ??
      (strategy === MANUAL_STRATEGY ? this.heldBySomebody(id, symbol) : this.strategies.productOf(strategy));
    if (named) return named;
    const market = this.feeds.of(feed);
    const assetClass = market.currency === 'USDT' ? 'crypto' : 'stock';
    const offered = (await market.instrumentOf(symbol)) ?? { assetClass, products: [] };
    // What is decided at the close of a day is held over night.
    const daily = this.strategies.timeframeOf(strategy) === '1d';
    return daily ? overnightProduct(offered, strategy) : defaultProduct(offered, strategy);
  }

  private heldBySomebody(accountId: string, symbol: string): Product | null {
    return this.book.open(accountId).find((row) => row.symbol === symbol)?.product ?? null;
  }
}
