import { Injectable } from '@nestjs/common';
import { MANUAL_STRATEGY, type Signal, toIso } from '@tickbridge/contracts';
import { SIGNAL_LIFETIME_MS, signalId } from '@tickbridge/trading-core';
import { AccountLeases } from '../accounts/account-leases';
import { AccountRepository } from '../accounts/account.repository';
import { AccountTraders } from '../traders/account-traders';
import { TradingClock } from '../market/trading-clock';
import { MarketView } from '../market/market-view';
import { OrderCommands } from './order-commands';
import { OrderRepository } from '../orders/order.repository';
import type { OrderRow } from '../rows/order.rows';
import { PositionBook } from '../positions/position-book';

/** Orders of a flattening platform close positions; those that were at work before are canceled first. */
const EXIT_REASON = 'All positions are being closed';
const EXIT_TURN_MS = 3_000;

/** Brings everything this process trades to zero: cancels what works, then closes what is held. */
@Injectable()
export class Flattener {
  constructor(
    private readonly book: PositionBook,
    private readonly accounts: AccountRepository,
    private readonly orders: OrderRepository,
    private readonly commands: OrderCommands,
    private readonly market: MarketView,
    private readonly leases: AccountLeases,
    private readonly traders: AccountTraders,
    private readonly clock: TradingClock,
  ) {}

  /**
   * True when nothing is held and nothing works, on the accounts of other orchestrators either.
   *
   * An orchestrator that trades no account has no say.
   */
  async isDone(): Promise<boolean> {
    if (this.leases.held.length === 0 || this.held().length > 0) return false;
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
        await this.commands.cancelQuietly(order);
      }
    }
  }

  /** Asks for the end of every order that does not itself close a position. */
  async cancelOrders(): Promise<void> {
    for (const accountId of this.leases.held) {
      for (const order of await this.orders.unfinished(accountId)) {
        if (order.status === 'PendingCancel') continue;
        if (order.type === 'MARKET' && this.reduces(order)) continue;
        await this.commands.cancelQuietly(order);
      }
    }
  }

  /** One exit per strategy and symbol held; a symbol without a price has to wait for one. */
  exits(): Signal[] {
    const now = this.clock.now();
    // One wish in a while: what cannot be closed at once is not closed sooner by asking more often.
    const turn = Math.floor(now / EXIT_TURN_MS) * EXIT_TURN_MS;
    const exits = new Map<string, Signal>();
    for (const { accountId, strategy, symbol } of this.held()) {
      const mark = this.market.mark(symbol);
      if (!mark) continue;
      const source = this.book.feedOf(accountId);
      const id = signalId(source, strategy, symbol, turn, 'EXIT');
      exits.set(id, {
        id,
        source,
        symbol,
        strategy,
        action: 'EXIT',
        strength: 1,
        confidence: 1,
        price: mark.price,
        stopLoss: null,
        target: null,
        reason: EXIT_REASON,
        components: {},
        barTime: toIso(now),
        createdAt: toIso(now),
        expiresAt: toIso(now + SIGNAL_LIFETIME_MS),
      });
    }
    return [...exits.values()];
  }

  private reduces({ accountId, strategy, symbol, side }: OrderRow): boolean {
    // An order of a person may bring down what strategies hold.
    const held =
      strategy === MANUAL_STRATEGY
        ? this.book.netQuantity(accountId, symbol)
        : this.book.quantity(accountId, strategy, symbol);
    return side === 'SELL' ? held > 0 : held < 0;
  }

  private held() {
    // Nothing leaves a disabled account, not even to close: a person has taken it in hand.
    return this.book.open().filter(({ accountId }) => this.traders.of(accountId)?.enabled === true);
  }
}
