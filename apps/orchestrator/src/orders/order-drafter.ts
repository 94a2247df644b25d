import { Injectable } from '@nestjs/common';
import type { Signal } from '@tickbridge/contracts';
import { clientOrderId, orderId, planOrder } from '@tickbridge/trading-core';
import { isArmed, type StoredAccount } from '../accounts/account.repository';
import { TradingClock } from '../market/trading-clock';
import { PositionBook } from '../positions/position-book';
import { EntryGate } from './entry-gate';
import type { NewOrder } from './order-ledger';
import { OrderProducts } from './order-products';
import { OrderSizer } from './order-sizer';
import { OrderRepository } from './order.repository';

/** Turns a signal into the order it means on an account, or the reason why it means none. */
@Injectable()
export class OrderDrafter {
  constructor(
    private readonly book: PositionBook,
    private readonly orders: OrderRepository,
    private readonly sizer: OrderSizer,
    private readonly gate: EntryGate,
    private readonly products: OrderProducts,
    private readonly clock: TradingClock,
  ) {}

  async draft(signal: Signal, account: StoredAccount): Promise<NewOrder | string> {
    if (!isArmed(account)) return 'account-not-armed';
    if (this.clock.now() > Date.parse(signal.expiresAt)) return 'signal-expired';
    const held = this.book.quantity(account.id, signal.strategy, signal.symbol);
    const plan = planOrder(signal, held);
    if (plan.kind === 'none') return plan.reason;
    // What an account holds it leaves at its stop or target, whether it follows the strategy any more or not.
    const follows = account.strategies === null || account.strategies.includes(signal.strategy);
    if (plan.kind === 'open' && !follows) return 'strategy-not-followed';
    const product = await this.products.of(account, signal.strategy, signal.symbol);
    const refusal = plan.kind === 'open' ? this.gate.refusal(account.id, signal, product) : undefined;
    if (refusal) return refusal;
    const id = orderId(signal.id, account.id);
    // What an order at work will make of the position is not known yet.
    if (await this.orders.hasOther(id, account.id, signal.strategy, signal.symbol)) return 'order-working';
    const sized =
      plan.kind === 'open'
        ? await this.sizer.size(signal, account, plan.side, product)
        : { quantity: plan.quantity, price: this.sizer.priceOf(signal.symbol, plan.side) ?? signal.price };
    if ('reason' in sized) return sized.reason;
    return {
      id,
      clientOrderId: clientOrderId(id),
      signalId: signal.id,
      accountId: account.id,
      symbol: signal.symbol,
      product,
      side: plan.side,
      type: 'MARKET',
      quantity: sized.quantity,
      limitPrice: null,
      triggerPrice: null,
      timeInForce: 'DAY',
      ...(plan.kind === 'open' && { stopLoss: signal.stopLoss, target: signal.target }),
      reduceOnly: plan.kind === 'close',
      groupId: this.book.groupId(account.id, signal.strategy, signal.symbol) ?? id,
      decisionPrice: sized.price,
      strategy: signal.strategy,
      barTime: new Date(signal.barTime),
    };
  }
}
