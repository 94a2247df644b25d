import { Injectable } from '@nestjs/common';
import { MANUAL_STRATEGY } from '@tickbridge/contracts';
import { exitRoom, money, protectiveActions, sumOf } from '@tickbridge/trading-core';
import type { StoredAccount } from '../accounts/account.repository';
import { PositionBook } from '../positions/position-book';
import type { OrderRow } from '../rows/order.rows';
import type { Refusal } from './order-steps';
import { OrderRepository } from './order.repository';
import { type ProtectionView, ProtectionViews } from './protection-view';
import { StopChanges } from './stop-changes';

const POSITION_PROTECTED: Refusal = {
  code: 'POSITION_PROTECTED',
  message:
    'A stop of the platform protects the position: it makes way for a market or immediate-or-cancel order only',
};

/** Takes protective stops back for orders that close the same position: never do both work. */
@Injectable()
export class ExitClearance {
  constructor(
    private readonly book: PositionBook,
    private readonly orders: OrderRepository,
    private readonly views: ProtectionViews,
    private readonly changes: StopChanges,
  ) {}

  /** Why an order that must only reduce cannot go: so much is not held any more. A broker's matcher does not ask. */
  reducesNothing({ reduceOnly, accountId, strategy, symbol, side, quantity }: OrderRow): Refusal | undefined {
    if (!reduceOnly || exitRoom(this.book.quantity(accountId, strategy, symbol), side, []).gte(quantity))
      return undefined;
    return {
      code: 'WOULD_NOT_REDUCE',
      message: `${strategy} does not hold ${quantity} of ${symbol} that it could close`,
    };
  }

  /** Whether a protective stop works for what the order would close. */
  async isObstructed(order: OrderRow): Promise<boolean> {
    return !order.protective && (await this.obstacles(order)).length > 0;
  }

  /**
   * Takes back as much of the stops as the order closes.
   *
   * @returns whether the order may go, has to wait for the broker's word, or cannot go at all
   */
  async clear(order: OrderRow, account: StoredAccount): Promise<'clear' | 'waits' | Refusal> {
    if (order.type !== 'MARKET' && order.timeInForce !== 'IOC') return POSITION_PROTECTED;
    const ids = new Set((await this.obstacles(order)).map(({ id }) => id));
    const view = await this.views.of(account.id, order.symbol);
    for (const action of protectiveActions({ ...view.symbol, mayClose: false })) {
      if ((action.kind === 'cancel' || action.kind === 'replace') && ids.has(action.orderId))
        await this.changes.carryOut(action, view, account);
    }
    return this.hasRoom(await this.views.of(account.id, order.symbol), order) ? 'clear' : 'waits';
  }

  /** Stops and this order together close no more than is held. */
  private hasRoom({ symbol }: ProtectionView, { id, strategy, side, symbol: name, accountId }: OrderRow) {
    const isOwn = this.closesOwn({ accountId, strategy, symbol: name, side });
    const held = isOwn
      ? this.book.quantity(accountId, strategy, name)
      : this.book.netQuantity(accountId, name);
    const closing = symbol.orders.filter(
      (one) =>
        one.side === side &&
        (isOwn ? one.strategy === strategy : true) &&
        (one.stop !== undefined || one.id === id),
    );
    const stops = closing.some(({ stop }) => stop !== undefined);
    return !stops || sumOf(closing.map(({ remaining }) => String(remaining))).lte(money(held).abs());
  }

  /** Protective stops that would close with it what is there once. */
  private async obstacles(order: OrderRow): Promise<OrderRow[]> {
    const { accountId, strategy, symbol, side } = order;
    const own = this.closesOwn(order);
    // Under their own name people bring down what strategies hold, at the market.
    const immediate = order.type === 'MARKET' || order.timeInForce === 'IOC';
    const net = this.book.netQuantity(accountId, symbol);
    const byPerson = strategy === MANUAL_STRATEGY && immediate && (side === 'SELL' ? net > 0 : net < 0);
    if (!own && !byPerson) return [];
    return (await this.orders.unfinished(accountId)).filter(
      (stop) =>
        stop.protective &&
        stop.symbol === symbol &&
        stop.side === side &&
        (stop.strategy === strategy || (byPerson && !own)),
    );
  }

  private closesOwn({
    accountId,
    strategy,
    symbol,
    side,
  }: Pick<OrderRow, 'accountId' | 'strategy' | 'symbol' | 'side'>): boolean {
    const held = this.book.quantity(accountId, strategy, symbol);
    return side === 'SELL' ? held > 0 : held < 0;
  }
}
