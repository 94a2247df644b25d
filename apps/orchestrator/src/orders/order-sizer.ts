import { Injectable } from '@nestjs/common';
import type { OrderSide, Product, Signal } from '@tickbridge/contracts';
import { Database, selectScopedLimits } from '@tickbridge/database';
import {
  type Currency,
  DEFAULT_LIMITS,
  effectiveLimits,
  entryQuantity,
  money,
  valueHoldings,
} from '@tickbridge/trading-core';
import type { StoredAccount } from '../accounts/account.repository';
import { TradingFeeds } from '../market/trading-feeds';
import { TradingClock } from '../market/trading-clock';
import { OrderCharges } from '../order-charges/order-charges';
import { MarketView } from '../market/market-view';
import { PositionBook } from '../positions/position-book';

/** How much an entry may buy or sell short: fixed risk, capped by limits and buying power. */
@Injectable()
export class OrderSizer {
  constructor(
    private readonly database: Database,
    private readonly book: PositionBook,
    private readonly market: MarketView,
    private readonly feeds: TradingFeeds,
    private readonly charges: OrderCharges,
    private readonly clock: TradingClock,
  ) {}

  /** @returns the quantity and the price it was decided on, or why there is none */
  async size(
    signal: Signal,
    account: StoredAccount,
    side: OrderSide,
    product: Product,
  ): Promise<{ quantity: number; price: number } | { reason: 'no-price' | 'size-zero' | 'charges-unknown' }> {
    const price = this.priceOf(signal.symbol, side);
    const value = this.valueOf(account);
    if (price === undefined || value === undefined) return { reason: 'no-price' };
    const instrument = await this.feeds.of(account.feed).instrumentOf(signal.symbol);
    if (!instrument) return { reason: 'size-zero' };
    const charges = await this.charges.find(account, { symbol: signal.symbol, product }, this.clock.now());
    // What a trade costs is part of whether it is worth its risk: it is not guessed.
    if (!charges) return { reason: 'charges-unknown' };
    const limits = effectiveLimits(
      DEFAULT_LIMITS[account.currency as Currency],
      await selectScopedLimits(this.database.orm),
      { accountId: account.id, strategy: signal.strategy, symbol: signal.symbol },
    );
    const quantity = entryQuantity({
      ...value,
      limits,
      entryPrice: price,
      stopPrice: signal.stopLoss,
      instrument,
      charges,
    });
    return quantity > 0 ? { quantity, price } : { reason: 'size-zero' };
  }

  /** Price an order of this side would meet; `undefined` while none is known. */
  priceOf(symbol: string, side: OrderSide): number | undefined {
    const { lastPrice, bid, ask } = this.market.snapshot(symbol);
    return (side === 'BUY' ? ask : bid) ?? lastPrice ?? undefined;
  }

  private valueOf(account: StoredAccount) {
    const { equity, grossExposure } = valueHoldings(
      money(account.cash),
      this.book.open(account.id).map(({ symbol, quantity, cost }) => ({
        quantity: money(quantity),
        cost: money(cost),
        mark: this.market.mark(symbol)?.price,
      })),
    );
    return equity && grossExposure ? { equity, grossExposure } : undefined;
  }
}
