import { Injectable, Logger } from '@nestjs/common';
import type { Order, OrderModification, TradingCommand } from '@tickbridge/contracts';
import { ProblemException } from '@tickbridge/service-bootstrap';
import { isTerminal, money } from '@tickbridge/trading-core';
import type { StoredAccount } from '../accounts/account.repository';
import type { ChangeOutcome } from '../brokers/broker';
import { Brokers } from '../brokers/brokers';
import { TradingClock } from '../market/trading-clock';
import { OrderLedger } from '../orders/order-ledger';
import { OrderRepository } from '../orders/order.repository';
import { RiskGateway } from '../risk/risk-gateway';
import { type OrderRow, toOrder } from '../rows/order.rows';
import type { AccountTrader } from '../traders/account-trader';
import { inTurn, type TradedAccount, TradedAccounts } from './traded-accounts';

/** What people may do to an order that stands: change it, cancel it. */
@Injectable()
export class OrderChanges {
  private readonly logger = new Logger('Orders');

  constructor(
    private readonly orders: OrderRepository,
    private readonly traded: TradedAccounts,
    private readonly ledger: OrderLedger,
    private readonly brokers: Brokers,
    private readonly risk: RiskGateway,
    private readonly clock: TradingClock,
  ) {}

  /** Asks the broker to cancel an order. @throws ProblemException 404, or 409 when it cannot be canceled */
  async cancel(id: string, command: TradingCommand): Promise<Order> {
    const order = await this.mustFind(id);
    const traded = await this.traded.of(order.accountId);
    this.logger.log(`${command.by} cancels order ${id}: ${command.reason}`);
    return inTurn(traded.trader, async () =>
      toOrder(await this.cancelNow(await this.mustFind(id), traded, `${command.by}: ${command.reason}`)),
    );
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

  /** Changes quantity or limit of a resting order. @throws ProblemException 404, or 409 when it cannot be changed */
  async modify(id: string, { quantity, limitPrice, by, reason }: OrderModification): Promise<Order> {
    const found = await this.mustFind(id);
    const { account, trader } = await this.traded.of(found.accountId);
    this.logger.log(`${by} changes order ${id}: ${reason}`);
    return inTurn(trader, async () => {
      const order = await this.mustFind(id);
      if (isTerminal(order.status) || order.brokerOrderId === null || order.status.startsWith('Pending')) {
        throw notPossible(order, 'changed');
      }
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
      const why = `${by}: ${reason}`;
      await this.ledger.apply(order, () => [{ type: 'update-requested', reason: why }], this.clock.now());
      const outcome = await this.brokers.of(account).modify(order, change, account);
      if (outcome.kind === 'done') {
        const { brokerOrderId } = outcome.order;
        const changed = await this.ledger.apply(
          order,
          (state) => [...(state.status === 'PendingUpdate' ? [{ type: 'updated' as const, ...change }] : [])],
          this.clock.now(),
          { brokerOrderId },
        );
        return toOrder(changed);
      }
      return toOrder(await this.settle(order, outcome, 'update-rejected', trader));
    });
  }

  /** A changed order is a new decision: what is left of it has to pass every check. */
  private async mustBeApproved(
    order: OrderRow,
    { quantity, limitPrice }: { quantity: number; limitPrice: number | null },
    account: StoredAccount,
  ): Promise<void> {
    const left = money(quantity).minus(order.filledQuantity).toNumber();
    const facts = await this.brokers.of(account).facts(account);
    const { approved, code, message } = await this.risk.ask({ ...order, quantity: left, limitPrice }, facts);
    if (!approved) throw new ProblemException(409, 'CHANGE_DENIED', `${message} (${code}).`);
  }

  private async cancelNow(
    order: OrderRow,
    { account, trader }: TradedAccount,
    why?: string,
  ): Promise<OrderRow> {
    const now = this.clock.now();
    if (order.status === 'Initialized') {
      const message = 'Canceled before it was decided on';
      return this.ledger.apply(order, () => [{ type: 'denied', code: 'CANCELED', message }], now, {
        heldReason: null,
      });
    }
    if (order.status === 'Submitted' && order.heldReason !== null) {
      return this.ledger.apply(order, () => [{ type: 'canceled' }], now, { heldReason: null });
    }
    if (isTerminal(order.status) || order.brokerOrderId === null || order.status === 'PendingCancel') {
      throw notPossible(order, 'canceled');
    }
    await this.ledger.apply(order, () => [{ type: 'cancel-requested', reason: why }], now);
    const outcome = await this.brokers.of(account).cancel(order, account);
    if (outcome.kind === 'done') {
      await trader.agree(order, outcome.order);
      return this.mustFind(order.id);
    }
    return this.settle(order, outcome, 'cancel-rejected', trader);
  }

  /** The broker's books tell the rest. */
  private async settle(
    order: OrderRow,
    outcome: Exclude<ChangeOutcome, { kind: 'done' }>,
    rejection: 'cancel-rejected' | 'update-rejected',
    trader: AccountTrader,
  ): Promise<OrderRow> {
    trader.wake();
    if (outcome.kind !== 'refused') return this.mustFind(order.id);
    const pending = rejection === 'cancel-rejected' ? 'PendingCancel' : 'PendingUpdate';
    this.logger.warn(`order ${order.id}: ${outcome.message}`);
    return this.ledger.apply(
      order,
      ({ status }) => (status === pending ? [{ type: rejection }] : []),
      this.clock.now(),
    );
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
