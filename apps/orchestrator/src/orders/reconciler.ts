import { Injectable, Logger } from '@nestjs/common';
import {
  IllegalTransitionError,
  type Money,
  OverFillError,
  SIGNAL_LIFETIME_MS,
  ZERO,
} from '@tickbridge/trading-core';
import type { StoredAccount } from '../accounts/account.repository';
import type { BrokerOrder } from '../brokers/broker';
import { Brokers } from '../brokers/brokers';
import { TradingClock } from '../market/trading-clock';
import { PositionBook } from '../positions/position-book';
import { CrashPoints } from '../crash-points/crash-points';
import { PipelineCounters } from '../pipeline-counters/pipeline-counters';
import { ledgerChanges } from './ledger-changes';
import { OrderExecutor } from './order-executor';
import { OrderLedger } from './order-ledger';
import { matchUnknown } from './order-matcher';
import { OrderRepository } from './order.repository';
import type { OrderRow } from '../rows/order.rows';

/** An order that is missing this often in the broker's books, over this time, was not taken (looks, milliseconds). */
const EMPTY_LOOKS = 3;
const GRACE_MS = 15_000;

/** Compares the ledger with the broker's books and books what is missing. The broker's books are right. */
@Injectable()
export class Reconciler {
  private readonly logger = new Logger('Reconciler');
  private readonly emptyLooks = new Map<string, number>();
  private readonly alarms = new Set<string>();

  constructor(
    private readonly orders: OrderRepository,
    private readonly ledger: OrderLedger,
    private readonly executor: OrderExecutor,
    private readonly brokers: Brokers,
    private readonly book: PositionBook,
    private readonly clock: TradingClock,
    private readonly counters: PipelineCounters,
    private readonly crash: CrashPoints,
  ) {}

  /** What a person must look at: the broker's books and ours differ in a way that no rule resolves. */
  alarmsOf(accountId: string): string[] {
    return [...this.alarms].filter((alarm) => alarm.startsWith(`${accountId}: `));
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
      if (entry) await this.agree(order, account, entry);
      else if (order.brokerOrderId === null && order.heldReason === null) {
        await this.missing(order, account, broker.booksAreComplete, books.length);
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

  /**
   * Compares what is held, once orders and fills agree.
   *
   * @returns the differences by symbol, for people; empty when there are none or the broker cannot tell
   */
  async positionDifferences(account: StoredAccount): Promise<string[]> {
    const theirs = await this.brokers.of(account).positions(account);
    if (theirs === null) return [];
    const ours = new Map<string, Money>();
    for (const { symbol, quantity } of this.book.open(account.id)) {
      ours.set(symbol, (ours.get(symbol) ?? ZERO).plus(quantity));
    }
    return [...new Set([...ours.keys(), ...theirs.keys()])].flatMap((symbol) => {
      const [own, broker] = [ours.get(symbol) ?? ZERO, theirs.get(symbol) ?? 0];
      return own.eq(broker) ? [] : [`${symbol}: ${own.toFixed()} in the ledger, ${broker} at the broker`];
    });
  }

  private async agree(order: OrderRow, account: StoredAccount, entry: BrokerOrder): Promise<void> {
    this.emptyLooks.delete(order.id);
    const now = this.clock.now();
    try {
      const agreed = await this.ledger.apply(
        order,
        (state) => {
          const changes = ledgerChanges(state, account, entry);
          if (changes.length > 0 || now - order.updatedAt.getTime() < GRACE_MS) return changes;
          // The broker was asked, has had its time, and goes on working the order as it was.
          if (state.status === 'PendingCancel') return [{ type: 'cancel-rejected' }];
          return state.status === 'PendingUpdate' ? [settledUpdate(order, entry)] : [];
        },
        now,
        { brokerOrderId: entry.brokerOrderId },
      );
      if (agreed.filledQuantity !== order.filledQuantity) this.crash.reach('fill.stored');
    } catch (error) {
      if (!(error instanceof OverFillError || error instanceof IllegalTransitionError)) throw error;
      this.alarm(account, error.message);
    }
  }

  /** The order is not in the books. */
  private async missing(order: OrderRow, account: StoredAccount, complete: boolean, entries: number) {
    if (order.status !== 'Submitted') return;
    const ageMs = this.clock.now() - order.updatedAt.getTime();
    if (complete) {
      if (ageMs <= SIGNAL_LIFETIME_MS) await this.executor.resend(order, account);
      else
        await this.reject(order, 'NEVER_SENT', 'This service was away before it could hand the order over');
      return;
    }
    const looks = (this.emptyLooks.get(order.id) ?? 0) + 1;
    this.emptyLooks.set(order.id, looks);
    if (looks < EMPTY_LOOKS || ageMs < GRACE_MS) return;
    this.emptyLooks.delete(order.id);
    const evidence = `not among the ${entries} orders of the day in ${looks} looks, ${Math.round(ageMs / 1_000)} s after it was handed over`;
    await this.reject(order, 'NOT_FOUND_AT_BROKER', evidence);
  }

  private async reject(order: OrderRow, code: string, message: string): Promise<void> {
    this.counters.stopped('order', code);
    await this.ledger.apply(
      order,
      ({ status }) => (status === 'Submitted' ? [{ type: 'rejected', code, message }] : []),
      this.clock.now(),
    );
  }

  private alarm({ id }: StoredAccount, message: string): void {
    const alarm = `${id}: ${message}`;
    if (this.alarms.has(alarm)) return;
    this.alarms.add(alarm);
    this.counters.stopped('fill', 'BOOKS_DIFFER');
    this.logger.error(alarm);
  }
}

function settledUpdate(order: OrderRow, { quantity, limitPrice }: BrokerOrder) {
  const updated = quantity !== order.quantity || limitPrice !== order.limitPrice;
  return updated
    ? ({ type: 'updated', quantity, limitPrice } as const)
    : ({ type: 'update-rejected' } as const);
}
