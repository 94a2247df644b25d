import { Injectable, Logger } from '@nestjs/common';
import {
  MANUAL_STRATEGY,
  type Order,
  type OrderModification,
  type TradingCommand,
} from '@tickbridge/contracts';
import { ProblemException } from '@tickbridge/service-bootstrap';
import { isTerminal, money } from '@tickbridge/trading-core';
import type { StoredAccount } from '../accounts/account.repository';
import { Brokers } from '../brokers/brokers';
import { BrokerChanges } from '../orders/broker-changes';
import { OrderRepository } from '../orders/order.repository';
import { RiskGateway } from '../risk/risk-gateway';
import { type OrderRow, toOrder } from '../rows/order.rows';
import { ManualExits } from './manual-exits';
import { inTurn, type TradedAccount, TradedAccounts } from './traded-accounts';

/** What people may do to an order that stands: change it, cancel it. */
@Injectable()
export class OrderChanges {
  private readonly logger = new Logger('Orders');

  constructor(
    private readonly orders: OrderRepository,
    private readonly traded: TradedAccounts,
    private readonly brokers: Brokers,
    private readonly risk: RiskGateway,
    private readonly changes: BrokerChanges,
    private readonly exits: ManualExits,
  ) {}

  /** Asks the broker to cancel an order. @throws ProblemException 404, or 409 when it cannot be canceled */
  async cancel(id: string, command: TradingCommand): Promise<Order> {
    const order = await this.mustFind(id);
    const traded = await this.traded.of(order.accountId);
    this.logger.log(`${command.by} cancels order ${id}: ${command.reason}`);
    return inTurn(traded.trader, async () => {
      const found = await this.mustFind(id);
      // Else the platform would place it again.
      if (found.protective && found.strategy === MANUAL_STRATEGY && !isTerminal(found.status)) {
        await this.exits.dropStop(found);
        // One whose state is not settled is canceled when it is.
        traded.trader.wake();
        if (found.brokerOrderId === null || found.status === 'PendingCancel') return toOrder(found);
      }
      return toOrder(await this.cancelNow(found, traded, `${command.by}: ${command.reason}`));
    });
  }

  /** Cancels where that is possible; an order that cannot be canceled is left to the broker. */
  async cancelQuietly(order: OrderRow): Promise<void> {
    const traded = await this.traded.of(order.accountId);
    await inTurn(traded.trader, async () => {
      try {
        await this.cancelNow(await this.mustFind(order.id), traded);
      } catch (error) {
        if (!(error instanceof ProblemException)) throw error;
      }
    });
  }

  /**
   * Changes quantity or limit of a resting order, stop or target of an entry.
   *
   * @throws ProblemException 404, or 409 when it cannot be changed
   */
  async modify(id: string, change: OrderModification): Promise<Order> {
    const { by, reason } = change;
    const found = await this.mustFind(id);
    const { account, trader } = await this.traded.of(found.accountId);
    this.logger.log(`${by} changes order ${id}: ${reason}`);
    return inTurn(trader, async () => {
      const order = await this.mustFind(id);
      if (isTerminal(order.status)) throw notPossible(order, 'changed');
      await this.exits.assertChangeable(order, change, account);
      if (change.quantity !== undefined || change.limitPrice !== undefined) {
        const done = await this.modifyNow(order, change, account);
        if (!done) trader.wake();
      }
      await this.exits.change(await this.mustFind(id), change);
      return toOrder(await this.mustFind(id));
    });
  }

  /** @returns whether the broker has proved the change */
  private async modifyNow(
    order: OrderRow,
    { quantity, limitPrice, by, reason }: OrderModification,
    account: StoredAccount,
  ): Promise<boolean> {
    if (order.brokerOrderId === null || order.status.startsWith('Pending'))
      throw notPossible(order, 'changed');
    const change = { quantity: quantity ?? order.quantity, limitPrice: limitPrice ?? order.limitPrice };
    if (
      change.quantity <= order.filledQuantity ||
      (change.limitPrice !== null && order.limitPrice === null)
    ) {
      throw new ProblemException(
        409,
        'CHANGE_IMPOSSIBLE',
        'The quantity must exceed what is filled, and a market order has no limit to change.',
      );
    }
    await this.mustBeApproved(order, change, account);
    return this.changes.modify(order, change, account, `${by}: ${reason}`);
  }

  /** A changed order is a new decision: what is left of it has to pass every check. */
  private async mustBeApproved(
    order: OrderRow,
    { quantity, limitPrice }: { quantity: number; limitPrice: number | null },
    account: StoredAccount,
  ): Promise<void> {
    const left = money(quantity).minus(order.filledQuantity).toNumber();
    const facts = await this.brokers.of(account).facts(account, order.symbol);
    const { approved, code, message } = await this.risk.ask({ ...order, quantity: left, limitPrice }, facts);
    if (!approved) throw new ProblemException(409, 'CHANGE_DENIED', `${message} (${code}).`);
  }

  private async cancelNow(
    order: OrderRow,
    { account, trader }: TradedAccount,
    why?: string,
  ): Promise<OrderRow> {
    const withdrawn = await this.changes.withdraw(order);
    if (withdrawn) return withdrawn;
    if (isTerminal(order.status) || order.brokerOrderId === null || order.status === 'PendingCancel') {
      throw notPossible(order, 'canceled');
    }
    const done = await this.changes.cancel(order, account, why);
    if (!done) trader.wake();
    return this.mustFind(order.id);
  }

  private async mustFind(id: string): Promise<OrderRow> {
    const order = await this.orders.find(id);
    if (order) return order;
    throw new ProblemException(404, 'ORDER_UNKNOWN', `There is no order ${id}.`);
  }
}

function notPossible({ id, status, brokerOrderId }: OrderRow, what: string): ProblemException {
  const why =
    brokerOrderId === null && status === 'Submitted'
      ? 'whether the broker has it is being found out'
      : `it is ${status}`;
  return new ProblemException(409, 'ORDER_NOT_WORKING', `Order ${id} cannot be ${what}: ${why}.`);
}
