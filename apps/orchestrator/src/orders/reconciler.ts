import { Injectable } from '@nestjs/common';
import type { StoredAccount } from '../accounts/account.repository';
import type { BrokerOrder } from '../brokers/broker';
import { Brokers } from '../brokers/brokers';
import { BookAgreement } from './book-agreement';
import { HoldingsComparison } from './holdings-comparison';
import { MissingOrders } from './missing-orders';
import { OrderExecutor } from './order-executor';
import { matchUnknown } from './order-matcher';
import { OrderRepository } from './order.repository';

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

  /** What a person must look at: the broker's books and ours differ in a way that no rule resolves. */
  alarmsOf(accountId: string): string[] {
    return this.agreement.alarmsOf(accountId);
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
    const lateFills = await this.orders.recentlyCanceled(account.id);
    const watched = [...open, ...lateFills];
    if (watched.length === 0) return;
    const books = await this.read(account);
    const known = new Map(books.map((entry) => [entry.brokerOrderId, entry]));
    const bound = new Set(await this.orders.brokerOrderIds(account.id));
    const unknown = open.filter(
      ({ brokerOrderId, heldReason }) => brokerOrderId === null && heldReason === null,
    );
    const found = matchUnknown(unknown, books, bound);
    for (const order of watched) {
      const entry = order.brokerOrderId === null ? found.get(order.id) : known.get(order.brokerOrderId);
      if (entry) {
        this.missing.found(order);
        await this.agreement.agree(order, account, entry);
      } else if (order.brokerOrderId === null && order.heldReason === null) {
        await this.missing.look(order, account, broker.booksAreComplete, books.length);
      }
    }
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
