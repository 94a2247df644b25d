import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { type Bar, barCloseTime } from '@tickbridge/contracts';
import { isDatabaseUnavailable } from '@tickbridge/database';
import { LiveMarketData } from '@tickbridge/shared-cache';
import {
  isQuoted,
  money,
  type PaperMatch,
  type VenueInstrument,
  type WorkingPaperOrder,
} from '@tickbridge/trading-core';
import { Subject, type Subscription } from 'rxjs';
import { AccountLeases, FencedOffError } from '../../accounts/account-leases';
import { SerialQueue } from '../../concurrency/serial-queue';
import { CrashPoints } from '../../crash-points/crash-points';
import { TradingClock } from '../../market/trading-clock';
import type { TradingFeed } from '../../market/trading-feed';
import { PaperBooks, type PaperOrderRow } from './paper.books';
import { PaperVenues } from './paper.venues';

/** How often day orders are looked at for their end (milliseconds). */
const EXPIRY_POLL_INTERVAL_MS = 1_000;

const NOTHING: PaperMatch = { triggered: false, fill: undefined, canceled: false };

/** Working orders of the accounts traded here: shown every move of the market, and ended with their session. */
@Injectable()
export class RestingOrders implements OnApplicationShutdown {
  /** Something was booked. */
  readonly news$ = new Subject<{ accountId: string }>();
  private readonly logger = new Logger('PaperBroker');
  private readonly accounts = new Map<string, TradingFeed>();
  private readonly bySymbol = new Map<string, Map<string, PaperOrderRow>>();
  private readonly queue = new SerialQueue();
  private readonly moved = new Set<string>();
  /** Limit prices at which working orders were shown the market. */
  private readonly shown = new Map<string, number | null>();
  private subscription: Subscription | undefined;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly books: PaperBooks,
    private readonly venues: PaperVenues,
    private readonly live: LiveMarketData,
    private readonly clock: TradingClock,
    private readonly leases: AccountLeases,
    private readonly crash: CrashPoints,
  ) {}

  /** From now on the live market moves them. */
  follow(): void {
    this.subscription = this.live.ticks$.subscribe((ticks) => {
      for (const { symbol } of ticks) if (this.bySymbol.has(symbol)) this.note(symbol);
    });
    this.subscription.add(
      this.live.bars$.subscribe((bars) => {
        for (const bar of bars) if (this.bySymbol.has(bar.symbol)) this.noteUnquoted(bar);
      }),
    );
    this.timer = setInterval(
      () => void this.queue.run(() => this.expire(this.clock.now())),
      EXPIRY_POLL_INTERVAL_MS,
    );
  }

  async onApplicationShutdown(): Promise<void> {
    this.subscription?.unsubscribe();
    clearInterval(this.timer);
    await this.queue.idle();
  }

  /** An account is traded here: its working orders are taken from the books. */
  async begin(accountId: string, feed: TradingFeed): Promise<void> {
    this.end(accountId);
    this.accounts.set(accountId, feed);
    for (const order of await this.books.working(accountId)) {
      this.keep(order);
      // It was shown the market when it was placed.
      this.shown.set(key(order), order.limitPrice);
    }
  }

  end(accountId: string): void {
    this.accounts.delete(accountId);
    this.venues.end(accountId);
    for (const orders of this.bySymbol.values()) {
      for (const order of [...orders.values()]) if (order.accountId === accountId) this.drop(order);
    }
  }

  /** A bar of a recorded market was seen. Done when everything it does is booked. */
  async observe(bar: Bar): Promise<void> {
    if (!this.bySymbol.has(bar.symbol)) return;
    await this.queue.run(async () => {
      // What was left when its session ended does not meet the next one.
      await this.expire(bar.openTime);
      await this.match(bar.symbol, barCloseTime(bar), (order, instrument) =>
        this.inBar(order, bar, instrument),
      );
      await this.expire(this.clock.now());
    });
  }

  /**
   * Shows an order the quote; where nobody quotes it waits for the next bar.
   *
   * What it fills is taken from the quote at once, before it is booked: of a fill that cannot be booked nobody knows yet
   * whether the books have it.
   */
  show(order: PaperOrderRow, instrument: VenueInstrument): PaperMatch {
    if (!this.venues.isQuoted(order)) return NOTHING;
    return this.venues.meetQuote(order.accountId, this.working(order), instrument);
  }

  /** An order as the books have it now. */
  update(order: PaperOrderRow): void {
    if (order.status === 'working') this.keep(order);
    else this.drop(order);
  }

  /** Runs something after every move of the market before it. */
  inTurn<T>(task: () => Promise<T>): Promise<T> {
    return this.queue.run(task);
  }

  /** A symbol with resting orders has moved: they are shown the market once everything before is booked. */
  private note(symbol: string): void {
    if (this.moved.has(symbol)) return;
    this.moved.add(symbol);
    void this.queue.run(async () => {
      this.moved.delete(symbol);
      await this.match(symbol, this.clock.now(), (order, instrument) => this.show(order, instrument));
    });
  }

  /** A bar of a live market: orders whose side nobody quotes trade in it. */
  private noteUnquoted(bar: Bar): void {
    void this.queue.run(() =>
      this.match(bar.symbol, this.clock.now(), (order, instrument) => {
        const quoted = isQuoted(order.side, bar) || this.venues.isQuoted(order);
        return quoted ? NOTHING : this.inBar(order, bar, instrument);
      }),
    );
  }

  /** An order meets the closing quote of a bar, or the bar itself when it was there before it opened. */
  private inBar(order: PaperOrderRow, bar: Bar, instrument: VenueInstrument): PaperMatch {
    if (!isQuoted(order.side, bar) && bar.openTime < order.placedAt.getTime()) return NOTHING;
    return this.venues.meetBar(order.accountId, this.working(order), bar, instrument);
  }

  /** From the second look on an order rests at its limit. One whose limit was changed comes anew. */
  private working(order: PaperOrderRow): WorkingPaperOrder {
    const rests = this.shown.has(key(order)) && this.shown.get(key(order)) === order.limitPrice;
    this.shown.set(key(order), order.limitPrice);
    return { ...toWorking(order), rests };
  }

  private async match(
    symbol: string,
    at: number,
    meet: (order: PaperOrderRow, instrument: VenueInstrument) => PaperMatch,
  ): Promise<void> {
    for (const order of [...(this.bySymbol.get(symbol)?.values() ?? [])]) {
      const feed = this.accounts.get(order.accountId);
      if (!feed || !this.leases.holds(order.accountId)) continue;
      const instrument = await feed.instrumentOf(symbol);
      if (!instrument) continue;
      const match = meet(order, instrument);
      if (match.triggered || match.fill || match.canceled) await this.book(order, match, at);
    }
  }

  private async book(order: PaperOrderRow, match: PaperMatch, at: number): Promise<void> {
    try {
      const entry = await this.books.book(order, match, at);
      this.crash.reach('fill.store');
      this.update(entry.order);
      this.news$.next({ accountId: order.accountId });
    } catch (error) {
      this.recordFailure(error);
    }
  }

  private async expire(until: number): Promise<void> {
    for (const orders of [...this.bySymbol.values()]) {
      for (const order of [...orders.values()]) {
        if (order.expiresAt === null || order.expiresAt.getTime() > until) continue;
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

  private keep(order: PaperOrderRow): void {
    const orders = this.bySymbol.get(order.symbol) ?? new Map<string, PaperOrderRow>();
    orders.set(key(order), order);
    this.bySymbol.set(order.symbol, orders);
  }

  private drop(order: PaperOrderRow): void {
    const orders = this.bySymbol.get(order.symbol);
    orders?.delete(key(order));
    this.shown.delete(key(order));
    if (orders?.size === 0) this.bySymbol.delete(order.symbol);
  }
}

function key({ accountId, clientOrderId }: PaperOrderRow): string {
  return `${accountId}:${clientOrderId}`;
}

function toWorking(order: PaperOrderRow): Omit<WorkingPaperOrder, 'rests'> {
  const { side, type, limitPrice, triggerPrice, triggered, timeInForce } = order;
  const remaining = money(order.quantity).minus(order.filledQuantity).toNumber();
  return { side, type, remaining, limitPrice, triggerPrice, triggered, timeInForce };
}
