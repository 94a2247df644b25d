import { Injectable } from '@nestjs/common';
import type { Signal } from '@tickbridge/contracts';
import { clientOrderId, orderId, planOrder } from '@tickbridge/trading-core';
import { AccountRepository, type StoredAccount } from '../accounts/account.repository';
import { TradingClock } from '../feed/trading-clock';
import { PositionBook } from '../portfolio/position-book';
import { OrderExecutor } from './order-executor';
import { type NewOrder } from './order-ledger';
import { OrderSizer } from './order-sizer';

/** What became of a signal: orders, or the reasons for none. */
export interface SignalOutcome {
  ordered: number;
  reasons: string[];
}

/** One order per signal and account, or the reason why there is none. */
@Injectable()
export class OrderDesk {
  constructor(
    private readonly accounts: AccountRepository,
    private readonly book: PositionBook,
    private readonly sizer: OrderSizer,
    private readonly executor: OrderExecutor,
    private readonly clock: TradingClock,
  ) {}

  async handle(signal: Signal): Promise<SignalOutcome> {
    if (this.clock.now() > Date.parse(signal.expiresAt)) return { ordered: 0, reasons: ['signal-expired'] };
    const accounts = await this.accounts.tradable([signal.source]);
    if (accounts.length === 0) return { ordered: 0, reasons: ['no-account'] };
    const outcome: SignalOutcome = { ordered: 0, reasons: [] };
    for (const account of accounts) {
      const order = await this.draft(signal, account);
      if (typeof order === 'string') outcome.reasons.push(order);
      else {
        await this.executor.place(order);
        outcome.ordered += 1;
      }
    }
    return outcome;
  }

  /** Takes up orders that an earlier run of this service left unfinished. */
  async resume(): Promise<void> {
    await this.executor.resume();
  }

  private async draft(signal: Signal, account: StoredAccount): Promise<NewOrder | string> {
    const held = this.book.quantity(account.id, signal.strategy, signal.symbol);
    const plan = planOrder(signal, held);
    if (plan.kind === 'none') return plan.reason;
    const sized =
      plan.kind === 'open'
        ? await this.sizer.size(signal, account, plan.side)
        : { quantity: plan.quantity, price: this.sizer.priceOf(signal.symbol, plan.side) ?? signal.price };
    if ('reason' in sized) return sized.reason;
    const id = orderId(signal.id, account.id);
    return {
      id,
      clientOrderId: clientOrderId(id),
      signalId: signal.id,
      accountId: account.id,
      symbol: signal.symbol,
      side: plan.side,
      type: 'MARKET',
      quantity: sized.quantity,
      limitPrice: null,
      decisionPrice: sized.price,
      strategy: signal.strategy,
      barTime: new Date(signal.barTime),
    };
  }
}
