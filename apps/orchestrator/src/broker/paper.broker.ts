import { Injectable } from '@nestjs/common';
import { paperFill, paperTradeId } from '@tickbridge/trading-core';
import { TradingFeeds } from '../feed/trading-feeds';
import { MarketView } from '../market/market-view';
import type { LedgerChange } from '../orders/order-ledger';
import type { OrderRow } from '../orders/order.rows';
import { PositionBook } from '../portfolio/position-book';
import { PipelineCounters } from '../trace/pipeline-counters';
import { Broker } from './broker';

/** Fills orders against the market as this process sees it, by the same model as a backtest. */
@Injectable()
export class PaperBroker extends Broker {
  constructor(
    private readonly market: MarketView,
    private readonly feeds: TradingFeeds,
    private readonly book: PositionBook,
    private readonly counters: PipelineCounters,
  ) {
    super();
  }

  override async submit(order: OrderRow): Promise<readonly LedgerChange[]> {
    this.counters.received('order');
    const { lastPrice, bid, ask } = this.market.snapshot(order.symbol);
    if (lastPrice === null) {
      this.counters.stopped('order', 'NO_MARKET');
      const message = `There is no price of ${order.symbol} to fill at`;
      return [{ type: 'rejected', code: 'NO_MARKET', message }];
    }
    this.counters.passed('order');
    this.counters.received('fill');
    const { instrument } = this.feeds.of(this.book.feedOf(order.accountId));
    const fill = paperFill(order, { lastPrice, bid, ask }, instrument);
    if (!fill) {
      this.counters.stopped('fill', 'limit-not-reached');
      return [{ type: 'accepted' }];
    }
    const tradeId = paperTradeId(order.id, 1);
    const { price, fee } = fill;
    return [{ type: 'accepted' }, { type: 'filled', tradeId, quantity: order.quantity, price, fee }];
  }
}
