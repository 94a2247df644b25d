import { Injectable } from '@nestjs/common';
import { MANUAL_STRATEGY, type Signal } from '@tickbridge/contracts';
import { isTerminal } from '@tickbridge/trading-core';
import type { StoredAccount } from '../accounts/account.repository';
import { TradingClock } from '../market/trading-clock';
import { PositionBook } from '../positions/position-book';
import type { OrderRow } from '../rows/order.rows';
import { BrokerChanges } from './broker-changes';
import { OrderRepository } from './order.repository';

const WHY = 'platform: stop or target has ended what it belongs to';

/** Ends what still works for a position of a person once its stop or target is reached: nothing is opened again after it. */
@Injectable()
export class BracketEntries {
  constructor(
    private readonly orders: OrderRepository,
    private readonly book: PositionBook,
    private readonly changes: BrokerChanges,
    private readonly clock: TradingClock,
  ) {}

  /**
   * Whether the exit is about what is held: stop or target of a position say nothing about the one after it, and what rests
   * for that is left alone.
   */
  isCurrent({ strategy, symbol, accountId, createdAt, expiresAt }: Signal): boolean {
    if (strategy !== MANUAL_STRATEGY || accountId === undefined) return true;
    const { openedAt } = this.book.life({ accountId, strategy, symbol });
    return (
      openedAt !== null && openedAt <= Date.parse(createdAt) && this.clock.now() <= Date.parse(expiresAt)
    );
  }

  /**
   * Cancels what rests beside the exit of a person's position: entries would open it again, other exits would close it too.
   *
   * @returns whether the exit may be decided on: nothing rests any more, as far as the broker has proved it
   */
  async makeWay({ strategy, symbol, accountId }: Signal, account: StoredAccount): Promise<boolean> {
    if (strategy !== MANUAL_STRATEGY || accountId === undefined) return true;
    const resting = (await this.orders.unfinished(account.id)).filter(
      (order) =>
        order.strategy === strategy && order.symbol === symbol && !order.protective && !this.closesNow(order),
    );
    for (const order of resting) await this.cancel(order, account);
    const ends = await Promise.all(resting.map(({ id }) => this.orders.find(id)));
    return ends.every((order) => order === undefined || isTerminal(order.status));
  }

  /** Cancels what is left of entries whose position is over. Safe to repeat. */
  async endLeft(account: StoredAccount): Promise<void> {
    const left = (await this.orders.unfinished(account.id)).filter(
      ({ strategy, symbol, reduceOnly, stopLoss, target, filledQuantity }) =>
        strategy === MANUAL_STRATEGY &&
        !reduceOnly &&
        (stopLoss !== null || target !== null) &&
        filledQuantity > 0 &&
        this.book.quantity(account.id, strategy, symbol) === 0,
    );
    for (const order of left) await this.cancel(order, account);
  }

  private async cancel(order: OrderRow, account: StoredAccount): Promise<void> {
    if (await this.changes.withdraw(order)) return;
    if (order.brokerOrderId === null || order.status === 'PendingCancel') return;
    await this.changes.cancel(order, account, WHY);
  }

  /** An order that closes at once is on its way to the same end. */
  private closesNow({ accountId, strategy, symbol, side, type, timeInForce }: OrderRow): boolean {
    const held = this.book.quantity(accountId, strategy, symbol);
    const closes = side === 'SELL' ? held > 0 : held < 0;
    return closes && (type === 'MARKET' || timeInForce === 'IOC');
  }
}
