import { Injectable } from '@nestjs/common';
import { type RiskCheckRequest, toIso } from '@tickbridge/contracts';
import { TradingClock } from '../market/trading-clock';
import { MarketView } from '../market/market-view';
import type { OrderRow } from '../rows/order.rows';
import { PositionBook } from '../positions/position-book';

/** Puts an order, the market it meets and the marks of the account's positions into a question. */
@Injectable()
export class RiskQuestion {
  constructor(
    private readonly book: PositionBook,
    private readonly market: MarketView,
    private readonly clock: TradingClock,
  ) {}

  about(order: OrderRow): RiskCheckRequest {
    const market = this.market.snapshot(order.symbol);
    const marks: Record<string, number> = {};
    for (const { symbol } of this.book.open(order.accountId)) {
      const mark = this.market.mark(symbol);
      if (mark) marks[symbol] = mark.price;
    }
    return {
      orderId: order.id,
      signalId: order.signalId,
      accountId: order.accountId,
      strategy: order.strategy,
      symbol: order.symbol,
      product: order.product,
      side: order.side,
      type: order.type,
      quantity: order.quantity,
      limitPrice: order.limitPrice,
      // A stop that is awake has no trigger to wait for any more.
      triggerPrice: order.status === 'Triggered' || order.filledQuantity > 0 ? null : order.triggerPrice,
      reduceOnly: order.reduceOnly,
      barTime: toIso(order.barTime.getTime()),
      market: { ...market, source: market.source ?? this.book.feedOf(order.accountId) },
      marks,
      asOf: toIso(this.clock.now()),
    };
  }
}
