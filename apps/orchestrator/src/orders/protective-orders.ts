import { Injectable } from '@nestjs/common';
import { PROTECTION_STRATEGY, type Signal, toIso } from '@tickbridge/contracts';
import {
  clientOrderId,
  deterministicId,
  orderId,
  type ProtectiveAction,
  SIGNAL_LIFETIME_MS,
} from '@tickbridge/trading-core';
import type { StoredAccount } from '../accounts/account.repository';
import { TradingClock } from '../market/trading-clock';
import { TradingFeeds } from '../market/trading-feeds';
import { SignalRepository } from '../signals/signal.repository';
import { OrderExecutor } from './order-executor';
import { OrderProducts } from './order-products';
import type { NewOrder } from './order-ledger';
import { stopLimit } from './stop-limit';

/** A position that nothing protects is closed once in this time (milliseconds). */
const CLOSE_TURN_MS = 15_000;

const CAUSES = {
  'stop-passed': 'The price is beyond the stop, which does not rest at the broker yet',
  'stop-refused': 'The broker takes no stop for the position',
} as const;

/** Makes the orders that protection asks for. They go the way of every other order, and carry ids that a restart finds. */
@Injectable()
export class ProtectiveOrders {
  constructor(
    private readonly signals: SignalRepository,
    private readonly executor: OrderExecutor,
    private readonly products: OrderProducts,
    private readonly feeds: TradingFeeds,
    private readonly clock: TradingClock,
  ) {}

  /** @param attempt how many protective orders the group has had before */
  async place(
    action: Extract<ProtectiveAction, { kind: 'place' }>,
    symbol: string,
    account: StoredAccount,
    attempt: number,
  ): Promise<void> {
    const instrument = await this.feeds.of(account.feed).instrumentOf(symbol);
    if (!instrument) return;
    const { side, trigger } = action;
    const reason = `Protective stop of ${action.strategy} at ${trigger}`;
    const signal = this.signal(['protect', action.groupId, attempt], action, symbol, account, reason);
    await this.order(signal, action, account, {
      type: 'STOP_LIMIT',
      triggerPrice: trigger,
      limitPrice: stopLimit(instrument, trigger, side),
      decisionPrice: trigger,
      protective: true,
    });
  }

  /** Closes a position, once in a while. @param price it is decided on */
  async close(
    action: Extract<ProtectiveAction, { kind: 'close' }>,
    symbol: string,
    account: StoredAccount,
    price: number,
  ): Promise<void> {
    const turn = Math.floor(this.clock.now() / CLOSE_TURN_MS);
    const signal = this.signal(
      ['unprotected', action.groupId, turn],
      action,
      symbol,
      account,
      CAUSES[action.cause],
    );
    await this.order(signal, action, account, {
      type: 'MARKET',
      triggerPrice: null,
      limitPrice: null,
      decisionPrice: price,
    });
  }

  private signal(
    name: readonly [string, string, number],
    { quantity }: { quantity: number },
    symbol: string,
    account: StoredAccount,
    reason: string,
  ): Omit<Signal, 'price'> {
    const now = this.clock.now();
    return {
      id: deterministicId(...name),
      source: account.feed,
      symbol,
      strategy: PROTECTION_STRATEGY,
      action: 'EXIT',
      strength: 1,
      confidence: 1,
      stopLoss: null,
      target: null,
      reason,
      components: { quantity },
      barTime: toIso(now),
      createdAt: toIso(now),
      expiresAt: toIso(now + SIGNAL_LIFETIME_MS),
    };
  }

  private async order(
    signal: Omit<Signal, 'price'>,
    {
      strategy,
      groupId,
      side,
      quantity,
    }: { strategy: string; groupId: string; side: 'BUY' | 'SELL'; quantity: number },
    account: StoredAccount,
    terms: Pick<NewOrder, 'type' | 'triggerPrice' | 'limitPrice' | 'decisionPrice' | 'protective'>,
  ): Promise<void> {
    await this.signals.insert({ ...signal, price: terms.decisionPrice });
    const id = orderId(signal.id, account.id);
    await this.executor.place(
      {
        id,
        clientOrderId: clientOrderId(id),
        signalId: signal.id,
        accountId: account.id,
        symbol: signal.symbol,
        product: await this.products.of(account, strategy, signal.symbol),
        side,
        quantity,
        timeInForce: 'DAY',
        reduceOnly: true,
        groupId,
        strategy,
        barTime: new Date(signal.barTime),
        ...terms,
      },
      account,
    );
  }
}
