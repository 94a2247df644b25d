import { Injectable } from '@nestjs/common';
import { SIGNAL_LIFETIME_MS } from '@tickbridge/trading-core';
import type { StoredAccount } from '../accounts/account.repository';
import { TradingClock } from '../market/trading-clock';
import { PipelineCounters } from '../pipeline-counters/pipeline-counters';
import type { OrderRow } from '../rows/order.rows';
import { OrderExecutor } from './order-executor';
import { OrderLedger } from './order-ledger';

/** An order that is missing this often in the broker's books, over this time, was not taken (looks, milliseconds). */
const EMPTY_LOOKS = 3;
const GRACE_MS = 15_000;

/** Decides what became of orders that were handed over and are not in the broker's books. */
@Injectable()
export class MissingOrders {
  private readonly emptyLooks = new Map<string, number>();

  constructor(
    private readonly ledger: OrderLedger,
    private readonly executor: OrderExecutor,
    private readonly clock: TradingClock,
    private readonly counters: PipelineCounters,
  ) {}

  /** The order is in the books after all. */
  found({ id }: OrderRow): void {
    this.emptyLooks.delete(id);
  }

  /**
   * The order is not in the books.
   *
   * @param complete the books show every order the broker took, at once
   * @param entries so many orders the books show
   */
  async look(order: OrderRow, account: StoredAccount, complete: boolean, entries: number): Promise<void> {
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
}
