import { Injectable } from '@nestjs/common';
import { MANUAL_STRATEGY } from '@tickbridge/contracts';
import { SIGNAL_LIFETIME_MS } from '@tickbridge/trading-core';
import { isArmed, type StoredAccount } from '../accounts/account.repository';
import { TradingClock } from '../market/trading-clock';
import { PositionBook } from '../positions/position-book';
import type { OrderRow } from '../rows/order.rows';
import { SignalOutcomes } from '../signals/signal-outcomes';
import { OrderExecutor } from './order-executor';
import { OrderSteps, type Refusal } from './order-steps';
import { OrderRepository } from './order.repository';

/**
 * Orders that wait here for their broker were decided for a moment that has passed: whether the account still acts on
 * them is asked again. The risk check is asked by the executor.
 */
@Injectable()
export class HeldOrders {
  constructor(
    private readonly outcomes: SignalOutcomes,
    private readonly book: PositionBook,
    private readonly clock: TradingClock,
    private readonly orders: OrderRepository,
    private readonly executor: OrderExecutor,
    private readonly steps: OrderSteps,
  ) {}

  /** Brings on what may still go, and ends the rest with the reason. */
  async release(account: StoredAccount): Promise<void> {
    for (const order of await this.orders.waiting(account.id)) {
      if (this.executor.isInFlight(order.id)) continue;
      const obstacle = await this.obstacle(order, account);
      if (obstacle) await this.steps.end(order, obstacle);
      else await this.executor.advance(order, account);
    }
  }

  /** @returns `undefined` when nothing is in the way */
  private async obstacle(order: OrderRow, account: StoredAccount): Promise<Refusal | undefined> {
    if (!isArmed(account))
      return { code: 'ACCOUNT_NOT_ARMED', message: 'The account is not armed for real orders' };
    if (order.createdAt < account.activeSince) {
      const message = 'It was decided before the account was armed or enabled';
      return { code: 'DECIDED_BEFORE_ARMING', message };
    }
    if (await this.hasExpired(order)) {
      const why = order.heldReason === null ? 'this service was away' : `it was held (${order.heldReason})`;
      return { code: 'SIGNAL_EXPIRED', message: `The signal had expired: ${why}` };
    }
    if (!this.isFollowed(order, account)) {
      const message = `The account does not follow ${order.strategy} any more`;
      return { code: 'STRATEGY_NOT_FOLLOWED', message };
    }
    return undefined;
  }

  private async hasExpired({ signalId, createdAt }: OrderRow): Promise<boolean> {
    const end = (await this.outcomes.endOf(signalId)) ?? createdAt.getTime() + SIGNAL_LIFETIME_MS;
    return this.clock.now() > end;
  }

  /** What an account holds it may leave, whether it follows the strategy any more or not. */
  private isFollowed({ strategy, symbol, side }: OrderRow, { id, strategies }: StoredAccount): boolean {
    if (strategy === MANUAL_STRATEGY || strategies === null || strategies.includes(strategy)) return true;
    const held = this.book.quantity(id, strategy, symbol);
    return side === 'SELL' ? held > 0 : held < 0;
  }
}
