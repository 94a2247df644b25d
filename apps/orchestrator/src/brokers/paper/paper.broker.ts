import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { barCloseTime, type Bar } from '@tickbridge/contracts';
import { isDatabaseUnavailable } from '@tickbridge/database';
import { LiveMarketData } from '@tickbridge/shared-cache';
import { matchPaperOrder, money, type PaperMatch, type WorkingPaperOrder } from '@tickbridge/trading-core';
import { Subject, type Subscription } from 'rxjs';
import { AccountLeases, FencedOffError } from '../../accounts/account-leases';
import type { StoredAccount } from '../../accounts/account.repository';
import { TradingClock } from '../../market/trading-clock';
import type { TradingFeed } from '../../market/trading-feed';
import { TradingFeeds } from '../../market/trading-feeds';
import { SerialQueue } from '../../concurrency/serial-queue';
import { MarketView } from '../../market/market-view';
import type { OrderRow } from '../../rows/order.rows';
import { CrashPoints } from '../../crash-points/crash-points';
import { PipelineCounters } from '../../pipeline-counters/pipeline-counters';
import { Broker, type BrokerOrder, type ChangeOutcome, type Readiness, type SubmitOutcome } from '../broker';
import { PaperBooks, type PaperEntry, type PaperOrderRow } from './paper.books';

/** How often day orders are looked at for their end (milliseconds). */
const EXPIRY_POLL_INTERVAL_MS = 1_000;
/** A day in the books: what an orchestrator that was away may have missed. */
const BOOKS_MS = 24 * 3_600_000;

/**
 * A broker of our own that trades at the prices of the feed, by the same model as a backtest.
 *
 * It is a counterpart like any other: it has books of its own, takes orders into them, and the ledger learns from them
 * what became of an order. Orders rest there over restarts.
 */
@Injectable()
export class PaperBroker extends Broker implements OnApplicationBootstrap, OnApplicationShutdown {
  readonly name = 'paper' as const;
  readonly news$ = new Subject<{ accountId: string }>();
  readonly booksAreComplete = true;
  private readonly logger = new Logger('PaperBroker');
  private readonly accounts = new Map<string, TradingFeed>();
  /** Working orders by symbol, of the accounts traded here. */
  private readonly resting = new Map<string, Map<string, PaperOrderRow>>();
  private readonly queue = new SerialQueue();
  private readonly moved = new Set<string>();
  private subscription: Subscription | undefined;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly books: PaperBooks,
    private readonly market: MarketView,
    private readonly live: LiveMarketData,
    private readonly feeds: TradingFeeds,
    private readonly clock: TradingClock,
    private readonly leases: AccountLeases,
    private readonly counters: PipelineCounters,
    private readonly crash: CrashPoints,
  ) {
    super();
  }

  onApplicationBootstrap(): void {
    // A recorded market moves bar by bar, in step with the trading loop.
    if (this.feeds.recorded) return;
    this.subscription = this.live.ticks$.subscribe((ticks) => {
      for (const { symbol } of ticks) if (this.resting.has(symbol)) this.note(symbol);
    });
    this.timer = setInterval(() => void this.queue.run(() => this.expire()), EXPIRY_POLL_INTERVAL_MS);
  }

  async onApplicationShutdown(): Promise<void> {
    this.subscription?.unsubscribe();
    clearInterval(this.timer);
    await this.queue.idle();
  }

  override async begin(account: StoredAccount): Promise<void> {
    this.end(account.id);
    this.accounts.set(account.id, this.feeds.of(account.feed));
    for (const order of await this.books.working(account.id)) this.keep(order);
  }

  override end(accountId: string): void {
    this.accounts.delete(accountId);
    for (const orders of this.resting.values()) {
      for (const [key, order] of orders) if (order.accountId === accountId) orders.delete(key);
    }
  }

  override async readiness(): Promise<Readiness> {
    return { ready: true };
  }

  /** A bar of a recorded market was seen. Done when everything it does to resting orders is booked. */
  async observe(bar: Bar): Promise<void> {
    const now = barCloseTime(bar);
    if (!this.feeds.recorded || !this.resting.has(bar.symbol)) return;
    await this.queue.run(async () => {
      await this.match(bar.symbol, now);
      await this.expire();
    });
  }

  override async submit(order: OrderRow, account: StoredAccount): Promise<SubmitOutcome> {
    this.counters.received('order');
    try {
      const feed = this.feeds.of(account.feed);
      const row = this.toRow(order, feed);
      const market = this.market.quote(order.symbol);
      if (market.lastPrice === null) {
        this.counters.stopped('order', 'NO_MARKET');
        return {
          kind: 'refused',
          code: 'NO_MARKET',
          message: `There is no price of ${order.symbol} to trade at`,
        };
      }
      this.counters.passed('order');
      this.counters.received('fill');
      const entry = await this.books.take(
        row,
        matchPaperOrder(toWorking(row), market, feed.instrument),
        this.clock.now(),
      );
      if (entry.order.status === 'working') this.keep(entry.order);
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

  private async change(order: OrderRow, change: Parameters<PaperBooks['change']>[1]): Promise<ChangeOutcome> {
    return this.queue.run(async () => {
      try {
        const entry = await this.books.change(order, change);
        if (!entry) return { kind: 'refused', message: 'The order is not working any more' };
        if (entry.order.status === 'working') this.keep(entry.order);
        else this.drop(entry.order);
        return { kind: 'done', order: toBrokerOrder(entry) };
      } catch (error) {
        return { kind: 'unknown', evidence: error instanceof Error ? error.message : String(error) };
      }
    });
  }

  /** A symbol with resting orders has moved: they are shown the market once everything before is booked. */
  private note(symbol: string): void {
    if (this.moved.has(symbol)) return;
    this.moved.add(symbol);
    void this.queue.run(async () => {
      this.moved.delete(symbol);
      await this.match(symbol, this.clock.now());
    });
  }

  private async match(symbol: string, at: number): Promise<void> {
    const market = this.market.quote(symbol);
    for (const order of [...(this.resting.get(symbol)?.values() ?? [])]) {
      const feed = this.accounts.get(order.accountId);
      if (!feed || !this.leases.holds(order.accountId)) continue;
      const match = matchPaperOrder(toWorking(order), market, feed.instrument);
      if (match.triggered || match.fill || match.canceled) await this.book(order, match, at);
    }
  }

  private async book(order: PaperOrderRow, match: PaperMatch, at: number): Promise<void> {
    try {
      const entry = await this.books.book(order, match, at);
      this.crash.reach('fill.store');
      if (entry.order.status === 'working') this.keep(entry.order);
      else this.drop(entry.order);
      this.news$.next({ accountId: order.accountId });
    } catch (error) {
      this.recordFailure(error);
    }
  }

  private async expire(): Promise<void> {
    const now = this.clock.now();
    for (const orders of [...this.resting.values()]) {
      for (const order of [...orders.values()]) {
        if (order.expiresAt === null || order.expiresAt.getTime() > now) continue;
        if (!this.leases.holds(order.accountId)) continue;
        try {
          await this.books.change(order, { status: 'expired', message: 'The session is over' });
          this.drop(order);
          this.news$.next({ accountId: order.accountId });
        } catch (error) {
          this.recordFailure(error);
        }
      }
    }
  }

  /** An exchange that is closed for a while: the next look at the market finds the same orders. */
  private recordFailure(error: unknown): void {
    if (isDatabaseUnavailable(error) || error instanceof FencedOffError) return;
    this.logger.error(error instanceof Error ? error : new Error(String(error)));
  }

  private toRow(order: OrderRow, { calendar }: TradingFeed): PaperOrderRow {
    const now = this.clock.now();
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
      triggered: false,
      status: 'working',
      message: null,
      expiresAt: new Date(calendar.sessionAt(now)?.closeTime ?? calendar.tradingDayEnd(now)),
      placedAt: new Date(now),
    };
  }

  private keep(order: PaperOrderRow): void {
    const orders = this.resting.get(order.symbol) ?? new Map<string, PaperOrderRow>();
    orders.set(key(order), order);
    this.resting.set(order.symbol, orders);
  }

  private drop(order: PaperOrderRow): void {
    const orders = this.resting.get(order.symbol);
    orders?.delete(key(order));
    if (orders?.size === 0) this.resting.delete(order.symbol);
  }
}

function key({ accountId, clientOrderId }: PaperOrderRow): string {
  return `${accountId}:${clientOrderId}`;
}

function toWorking(order: PaperOrderRow): WorkingPaperOrder {
  const { side, type, limitPrice, triggerPrice, triggered, timeInForce } = order;
  const remaining = money(order.quantity).minus(order.filledQuantity).toNumber();
  return { side, type, remaining, limitPrice, triggerPrice, triggered, timeInForce };
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
    fees: new Map(trades.map(({ tradeId, fee }) => [tradeId, fee])),
    message: order.message,
  };
}
