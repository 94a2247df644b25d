import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import type { Bar } from '@tickbridge/contracts';
import { money } from '@tickbridge/trading-core';
import type { Observable } from 'rxjs';
import type { StoredAccount } from '../../accounts/account.repository';
import { MarketView } from '../../market/market-view';
import { TradingClock } from '../../market/trading-clock';
import type { TradingFeed } from '../../market/trading-feed';
import { TradingFeeds } from '../../market/trading-feeds';
import { PipelineCounters } from '../../pipeline-counters/pipeline-counters';
import type { OrderRow } from '../../rows/order.rows';
import { Broker, type BrokerOrder, type ChangeOutcome, type Readiness, type SubmitOutcome } from '../broker';
import { PaperBooks, type PaperEntry, type PaperOrderRow } from './paper.books';
import { RestingOrders } from './resting-orders';

/** A day in the books: what an orchestrator that was away may have missed. */
const BOOKS_MS = 24 * 3_600_000;

/**
 * A broker of our own that trades at the prices of the feed, by the same model as a backtest.
 *
 * It is a counterpart like any other: it has books of its own, takes orders into them, and the ledger learns from them
 * what became of an order. Orders rest there over restarts.
 */
@Injectable()
export class PaperBroker extends Broker implements OnApplicationBootstrap {
  readonly name = 'paper' as const;
  readonly news$: Observable<{ accountId: string }>;
  readonly booksAreComplete = true;
  readonly booksAreHere = true;
  /** It ends with this platform: a stop there would protect from nothing. */
  readonly restsStops = false;
  constructor(
    private readonly books: PaperBooks,
    private readonly resting: RestingOrders,
    private readonly market: MarketView,
    private readonly feeds: TradingFeeds,
    private readonly clock: TradingClock,
    private readonly counters: PipelineCounters,
  ) {
    super();
    this.news$ = resting.news$;
  }

  onApplicationBootstrap(): void {
    // A recorded market moves bar by bar, in step with the trading loop.
    if (!this.feeds.recorded) this.resting.follow();
  }

  override begin(account: StoredAccount): Promise<void> {
    return this.resting.begin(account.id, this.feeds.of(account.feed));
  }

  override end(accountId: string): void {
    this.resting.end(accountId);
  }

  override async readiness(): Promise<Readiness> {
    return { ready: true };
  }

  /** A bar of a recorded market was seen. Done when everything it does to resting orders is booked. */
  async observe(bar: Bar): Promise<void> {
    if (this.feeds.recorded) await this.resting.observe(bar);
  }

  override async submit(order: OrderRow, account: StoredAccount): Promise<SubmitOutcome> {
    this.counters.received('order');
    try {
      const feed = this.feeds.of(account.feed);
      const row = this.toRow(order, feed);
      const instrument = await feed.instrumentOf(order.symbol);
      if (!instrument) return this.refuse('NO_INSTRUMENT', `No list of ${feed.name} has ${order.symbol}`);
      if (this.market.quote(order.symbol).lastPrice === null) {
        return this.refuse('NO_MARKET', `There is no price of ${order.symbol} to trade at`);
      }
      this.counters.passed('order');
      this.counters.received('fill');
      const entry = await this.books.take(row, this.resting.show(row, instrument), this.clock.now());
      this.resting.update(entry.order);
      if (entry.trades.length === 0) this.counters.stopped('fill', 'resting');
      return { kind: 'taken', order: toBrokerOrder(entry) };
    } catch (error) {
      // Whether the books have it is for the books to say.
      return { kind: 'unknown', evidence: error instanceof Error ? error.message : String(error) };
    }
  }

  override cancel(order: OrderRow): Promise<ChangeOutcome> {
    return this.change(order, { status: 'canceled', message: 'Canceled on request' });
  }

  override modify(
    order: OrderRow,
    change: { quantity: number; limitPrice: number | null },
  ): Promise<ChangeOutcome> {
    return this.change(order, change);
  }

  override positions(account: StoredAccount): Promise<ReadonlyMap<string, number>> {
    return this.books.positions(account.id);
  }

  override async orders(account: StoredAccount): Promise<readonly BrokerOrder[]> {
    const since = new Date(this.clock.now() - BOOKS_MS);
    return (await this.books.recent(account.id, since)).map(toBrokerOrder);
  }

  private refuse(code: string, message: string): SubmitOutcome {
    this.counters.stopped('order', code);
    return { kind: 'refused', code, message };
  }

  private async change(order: OrderRow, change: Parameters<PaperBooks['change']>[1]): Promise<ChangeOutcome> {
    return this.resting.inTurn(async () => {
      try {
        const entry = await this.books.change(order, change);
        if (!entry) return { kind: 'refused', message: 'The order is not working any more' };
        this.resting.update(entry.order);
        return { kind: 'done', order: toBrokerOrder(entry) };
      } catch (error) {
        return { kind: 'unknown', evidence: error instanceof Error ? error.message : String(error) };
      }
    });
  }

  private toRow(order: OrderRow, feed: TradingFeed): PaperOrderRow {
    const now = this.clock.now();
    const calendar = feed.calendarOf(order.symbol);
    return {
      accountId: order.accountId,
      clientOrderId: order.clientOrderId,
      symbol: order.symbol,
      side: order.side,
      type: order.type,
      quantity: order.quantity,
      filledQuantity: 0,
      limitPrice: order.limitPrice,
      triggerPrice: order.triggerPrice,
      timeInForce: order.timeInForce,
      reduceOnly: order.reduceOnly,
      triggered: false,
      status: 'working',
      message: null,
      expiresAt: new Date(calendar.sessionAt(now)?.closeTime ?? calendar.tradingDayEnd(now)),
      placedAt: new Date(now),
    };
  }
}

function toBrokerOrder({ order, trades }: PaperEntry): BrokerOrder {
  const paid = trades.reduce((sum, { quantity, price }) => sum.plus(money(quantity).times(price)), money(0));
  return {
    brokerOrderId: `PAPER-${order.clientOrderId}`,
    clientOrderId: order.clientOrderId,
    symbol: order.symbol,
    side: order.side,
    quantity: order.quantity,
    limitPrice: order.limitPrice,
    placedAt: order.placedAt.getTime(),
    status: order.status === 'working' && order.triggered ? 'triggered' : order.status,
    filledQuantity: order.filledQuantity,
    averagePrice: trades.length === 0 ? null : paid.div(order.filledQuantity).toNumber(),
    trades: trades.map(({ tradeId, quantity, price }) => ({ tradeId, quantity, price })),
    // Trades of earlier versions carry their fee; what newer ones cost is reckoned where they are booked.
    fees: new Map(trades.flatMap(({ tradeId, fee }) => (fee === null ? [] : [[tradeId, fee]]))),
    message: order.message,
  };
}
