import { Injectable } from '@nestjs/common';
import type { StoredAccount } from '../accounts/account.repository';
import type { BrokerOrder } from '../brokers/broker';
import { Brokers } from '../brokers/brokers';
import type { OrderRow } from '../rows/order.rows';
import { BookAgreement } from './book-agreement';
import { HoldingsComparison } from './holdings-comparison';
import { MissingOrders } from './missing-orders';
import { OrderExecutor } from './order-executor';
import { matchUnknown } from './order-matcher';
import { OrderRepository } from './order.repository';

/** How often the day's canceled orders are looked at when nothing else is (milliseconds). */
const DAY_CHECK_MS = 60_000;

/** Compares the ledger with the broker's books and books what is missing. The broker's books are right. */
@Injectable()
export class Reconciler {
  constructor(
    private readonly orders: OrderRepository,
    private readonly executor: OrderExecutor,
    private readonly brokers: Brokers,
    private readonly agreement: BookAgreement,
    private readonly missing: MissingOrders,
    private readonly holdings: HoldingsComparison,
  ) {}

  private readonly unreadable = new Map<string, readonly string[]>();
  /** On the steady clock. */
  private readonly dayCheckedAt = new Map<string, number>();

  /** What a person must look at: the broker's books and ours differ in a way that no rule resolves. */
  alarmsOf(accountId: string): string[] {
    return [...this.agreement.alarmsOf(accountId), ...(this.unreadable.get(accountId) ?? [])];
  }

  /** Brings one order in line with what its broker has just said of it. */
  agree(order: OrderRow, account: StoredAccount, entry: BrokerOrder): Promise<void> {
    return this.agreement.agree(order, account, entry);
  }

  /** What is held here and at the broker, compared: the differences, for people. */
  holdingDifferences(account: StoredAccount): Promise<string[]> {
    return this.holdings.differences(account);
  }

  /**
   * One comparison of an account's open orders.
   *
   * @throws BrokerUnreachableError when the books cannot be read; nothing is concluded then
   */
  async look(account: StoredAccount): Promise<void> {
    const broker = this.brokers.of(account);
    const open = (await this.orders.unfinished(account.id)).filter(
      (order) => order.status !== 'Initialized' && !this.executor.isInFlight(order.id),
    );
    const canceled = await this.canceledToWatch(account.id, open.length > 0);
    if (open.length === 0 && canceled.length === 0) return;
    const books = await this.read(account);
    const unreadable = broker.unreadable(account);
    this.unreadable.set(
      account.id,
      unreadable.map(({ message }) => `${account.id}: ${message}`),
    );
    const messages = new Map(unreadable.map(({ brokerOrderId, message }) => [brokerOrderId, message]));
    const known = new Map(books.map((entry) => [entry.brokerOrderId, entry]));
    const bound = new Set(await this.orders.brokerOrderIds(account.id));
    const unknown = open.filter(
      ({ brokerOrderId, heldReason }) => brokerOrderId === null && heldReason === null,
    );
    const found = matchUnknown(unknown, books, bound);
    for (const order of [...open, ...canceled]) {
      const entry = order.brokerOrderId === null ? found.get(order.id) : known.get(order.brokerOrderId);
      if (entry) {
        this.missing.found(order);
        // Of a canceled order only what was filled all the same is news.
        const isNews = order.status !== 'Canceled' || entry.filledQuantity > Number(order.filledQuantity);
        if (isNews) await this.agreement.agree(order, account, entry);
      } else if (order.brokerOrderId !== null) {
        const message = messages.get(order.brokerOrderId);
        if (message !== undefined) await this.agreement.remark(order, message);
      } else if (order.heldReason === null && unreadable.length === 0) {
        await this.missing.look(order, account, broker.booksAreComplete, books.length);
      }
    }
  }

  /** The day's canceled orders; when nothing else is looked at, and none was canceled lately, only now and then. */
  private async canceledToWatch(accountId: string, booksAreRead: boolean): Promise<OrderRow[]> {
    const now = performance.now();
    const isDue = now - (this.dayCheckedAt.get(accountId) ?? Number.NEGATIVE_INFINITY) >= DAY_CHECK_MS;
    if (!booksAreRead && !isDue && (await this.orders.recentlyCanceled(accountId)).length === 0) return [];
    this.dayCheckedAt.set(accountId, now);
    return this.orders.canceledToday(accountId);
  }

  private async read(account: StoredAccount): Promise<readonly BrokerOrder[]> {
    try {
      const books = await this.brokers.of(account).orders(account);
      this.brokers.recordCall(account.id, false);
      return books;
    } catch (error) {
      this.brokers.recordCall(account.id, true);
      throw error;
    }
  }
}
