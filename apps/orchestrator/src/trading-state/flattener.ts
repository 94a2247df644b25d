import { Injectable } from '@nestjs/common';
import { type Signal, toIso } from '@tickbridge/contracts';
import { SIGNAL_LIFETIME_MS, signalId } from '@tickbridge/trading-core';
import { AccountLeases } from '../accounts/account-leases';
import { AccountTraders } from '../accounts/account-traders';
import { TradingClock } from '../feed/trading-clock';
import { MarketView } from '../market/market-view';
import { OrderCommands } from '../orders/order-commands';
import { OrderRepository } from '../orders/order.repository';
import { PositionBook } from '../portfolio/position-book';

/** Orders of a flattening platform close positions; those that were at work before are canceled first. */
const EXIT_REASON = 'All positions are being closed';

/** Brings everything this process trades to zero: cancels what works, then closes what is held. */
@Injectable()
export class Flattener {
  constructor(
    private readonly book: PositionBook,
    private readonly orders: OrderRepository,
    private readonly commands: OrderCommands,
    private readonly market: MarketView,
    private readonly leases: AccountLeases,
    private readonly traders: AccountTraders,
    private readonly clock: TradingClock,
  ) {}

  /** True when nothing is held and nothing works. */
  async isDone(): Promise<boolean> {
    if (this.held().length > 0) return false;
    for (const accountId of this.leases.held) {
      if ((await this.orders.unfinished(accountId)).length > 0) return false;
    }
    return true;
  }

  /** Asks for the end of every order that does not itself close a position. */
  async cancelOrders(): Promise<void> {
    for (const accountId of this.leases.held) {
      for (const order of await this.orders.unfinished(accountId)) {
        if (order.status === 'PendingCancel') continue;
        const held = this.book.quantity(accountId, order.strategy, order.symbol);
        const closes = order.type === 'MARKET' && (order.side === 'SELL' ? held > 0 : held < 0);
        if (!closes) await this.commands.cancelQuietly(order);
      }
    }
  }

  /** One exit per strategy and symbol held; a symbol without a price has to wait for one. */
  exits(): Signal[] {
    const now = this.clock.now();
    const exits = new Map<string, Signal>();
    for (const { accountId, strategy, symbol } of this.held()) {
      const mark = this.market.mark(symbol);
      if (!mark) continue;
      const source = this.book.feedOf(accountId);
      const id = signalId(source, strategy, symbol, now, 'EXIT');
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

  private held() {
    // Nothing leaves a disabled account, not even to close: a person has taken it in hand.
    return this.book.open().filter(({ accountId }) => this.traders.of(accountId)?.enabled === true);
  }
}
