import { Injectable } from '@nestjs/common';
import { MANUAL_STRATEGY } from '@tickbridge/contracts';
import { AccountLeases } from '../accounts/account-leases';
import { AccountRepository } from '../accounts/account.repository';
import { OrderRepository } from '../orders/order.repository';
import { PositionBook } from '../positions/position-book';
import type { OrderRow } from '../rows/order.rows';
import { OrderChanges } from './order-changes';
import { PositionExits } from './position-exits';

/** Brings everything this process trades to zero: cancels what works, then closes what is held. */
@Injectable()
export class Flattener {
  constructor(
    private readonly book: PositionBook,
    private readonly accounts: AccountRepository,
    private readonly orders: OrderRepository,
    private readonly changes: OrderChanges,
    private readonly leases: AccountLeases,
    private readonly exits: PositionExits,
  ) {}

  /**
   * True when nothing is held and nothing works, on the accounts of other orchestrators either.
   *
   * An orchestrator that trades no account has no say.
   */
  async isDone(): Promise<boolean> {
    if (this.leases.held.length === 0 || this.exits.held().length > 0) return false;
    for (const { id } of await this.accounts.tradable()) {
      if (!(await this.orders.isFlat(id))) return false;
    }
    return true;
  }

  /** Asks for the end of every order that would add to a position; what brings one down may go on working. */
  async cancelEntries(): Promise<void> {
    for (const accountId of this.leases.held) {
      for (const order of await this.orders.unfinished(accountId)) {
        if (order.status === 'PendingCancel' || this.reduces(order)) continue;
        await this.changes.cancelQuietly(order);
      }
    }
  }

  /** Asks for the end of every order that does not itself close a position. */
  async cancelOrders(): Promise<void> {
    for (const accountId of this.leases.held) {
      for (const order of await this.orders.unfinished(accountId)) {
        // A protective stop makes way for the exit that takes its place.
        if (order.status === 'PendingCancel' || order.protective) continue;
        if (order.type === 'MARKET' && this.reduces(order)) continue;
        await this.changes.cancelQuietly(order);
      }
    }
  }

  private reduces({ accountId, strategy, symbol, side }: OrderRow): boolean {
    // An order of a person may bring down what strategies hold.
    const held =
      strategy === MANUAL_STRATEGY
        ? this.book.netQuantity(accountId, symbol)
        : this.book.quantity(accountId, strategy, symbol);
    return side === 'SELL' ? held > 0 : held < 0;
  }
}
