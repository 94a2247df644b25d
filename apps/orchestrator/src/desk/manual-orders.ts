import { Injectable } from '@nestjs/common';
import { MANUAL_STRATEGY, type ManualOrder, type Order } from '@tickbridge/contracts';
import { ProblemException } from '@tickbridge/service-bootstrap';
import { clientOrderId, orderId } from '@tickbridge/trading-core';
import { OrderExecutor } from '../orders/order-executor';
import { OrderProducts } from '../orders/order-products';
import { PositionBook } from '../positions/position-book';
import { toOrder } from '../rows/order.rows';
import { ManualExits } from './manual-exits';
import { bookOf, ManualSignals } from './manual-signals';
import { inTurn, TradedAccounts } from './traded-accounts';

/** Orders of people. They go the way of every other order. */
@Injectable()
export class ManualOrders {
  constructor(
    private readonly traded: TradedAccounts,
    private readonly signals: ManualSignals,
    private readonly exits: ManualExits,
    private readonly executor: OrderExecutor,
    private readonly products: OrderProducts,
    private readonly book: PositionBook,
  ) {}

  /**
   * Places an order for a person. The same `requestId` gives the same order.
   *
   * @throws ProblemException 404 for an unknown account, 409 while it is not traded here, has no price of the symbol,
   *   was given the same order a moment ago, a stop whose trigger is reached, or exits that cannot be set
   */
  async place(written: ManualOrder): Promise<Order> {
    const { account, trader } = await this.traded.of(written.accountId);
    if (!account.enabled) {
      throw new ProblemException(
        409,
        'ACCOUNT_DISABLED',
        `${account.id} is disabled: PATCH it to enable it.`,
      );
    }
    // An account that was just taken in hand compares its books first.
    if (!trader.isReady) await inTurn(trader, () => Promise.resolve());
    if (!trader.isReady) {
      throw new ProblemException(
        409,
        'ACCOUNT_BLOCKED',
        `${account.id} does not trade: ${trader.blockedBy}.`,
      );
    }
    const wish = await this.signals.awake(await this.signals.named(written, account));
    const signal = this.signals.of(wish, account);
    return inTurn(trader, async () => {
      const id = orderId(signal.id, account.id);
      if (wish.repeat !== true) await this.signals.assertNotIdentical(id, wish);
      // A request that was sent before is answered with its order, whatever has become of the position since.
      if (!(await this.signals.isStored(wish))) await this.exits.assertPlaceable(wish, account);
      await this.signals.store(signal, wish);
      const row = await this.executor.place(
        {
          id,
          clientOrderId: clientOrderId(id),
          signalId: signal.id,
          accountId: account.id,
          symbol: wish.symbol,
          product: wish.product ?? (await this.products.of(account, bookOf(wish), wish.symbol)),
          side: wish.side,
          type: wish.type,
          quantity: wish.quantity,
          limitPrice: wish.limitPrice,
          triggerPrice: wish.triggerPrice,
          timeInForce: wish.timeInForce,
          stopLoss: wish.stopLoss,
          target: wish.takeProfit,
          // Strategies open their positions themselves.
          groupId: this.book.groupId(account.id, bookOf(wish), wish.symbol) ?? id,
          reduceOnly: bookOf(wish) !== MANUAL_STRATEGY,
          decisionPrice: wish.limitPrice ?? wish.triggerPrice ?? signal.price,
          strategy: bookOf(wish),
          barTime: new Date(signal.barTime),
        },
        account,
      );
      return toOrder(row);
    });
  }
}
