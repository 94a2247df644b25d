import { Injectable } from '@nestjs/common';
import type { OrderSide, Product, Signal } from '@tickbridge/contracts';
import { Database, selectScopedLimits } from '@tickbridge/database';
import {
  type CostedEntry,
  type Currency,
  DEFAULT_LIMITS,
  edgeShortfall,
  effectiveLimits,
  entryQuantity,
  money,
  shortfallText,
  valueHoldings,
} from '@tickbridge/trading-core';
import type { StoredAccount } from '../accounts/account.repository';
import { TradingFeeds } from '../market/trading-feeds';
import { TradingClock } from '../market/trading-clock';
import { OrderCharges } from '../order-charges/order-charges';
import { MarketView } from '../market/market-view';
import { PaperAssumptions } from '../brokers/paper/paper.venues';
import { StrategyDesk } from '../strategies/strategy-desk';
import { PositionBook } from '../positions/position-book';

type NoSize = 'no-price' | 'size-zero' | 'charges-unknown' | 'edge-below-cost';

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
    private readonly strategies: StrategyDesk,
    private readonly assumed: PaperAssumptions,
  ) {}

  /** @returns the quantity and the price it was decided on, or why there is none */
  async size(
    signal: Signal,
    account: StoredAccount,
    side: OrderSide,
    product: Product,
  ): Promise<{ quantity: number; price: number } | { reason: NoSize }> {
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
    if (quantity === 0) return { reason: 'size-zero' };
    const paysOff = this.paysOff(signal, { quantity, price, charges });
    return paysOff ? { quantity, price } : { reason: 'edge-below-cost' };
  }

  /** Price an order of this side would meet; `undefined` while none is known. */
  priceOf(symbol: string, side: OrderSide): number | undefined {
    const { lastPrice, bid, ask } = this.market.snapshot(symbol);
    return (side === 'BUY' ? ask : bid) ?? lastPrice ?? undefined;
  }

  /** Whether what the signal expects is worth the costs of entering and leaving. */
  private paysOff(signal: Signal, sized: Pick<CostedEntry, 'quantity' | 'price' | 'charges'>): boolean {
    const { bid, ask } = this.market.snapshot(signal.symbol);
    const leastEdge = this.strategies.leastEdgeOf(signal.strategy);
    const shortfall = edgeShortfall(signal, leastEdge, { ...sized, bid, ask, assumed: this.assumed });
    if (!shortfall) return true;
    this.strategies.countEdgeRefusal(signal, shortfallText(signal, shortfall, leastEdge));
    return false;
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
