import { Injectable, Logger } from '@nestjs/common';
import type { StoredAccount } from '../accounts/account.repository';
import type { ChangeOutcome, OrderTermsChange } from '../brokers/broker';
import { Brokers } from '../brokers/brokers';
import { CrashPoints } from '../crash-points/crash-points';
import { TradingClock } from '../market/trading-clock';
import type { OrderRow } from '../rows/order.rows';
import { BookAgreement } from './book-agreement';
import { OrderLedger } from './order-ledger';

/** Asks the broker to cancel or change an order that rests there; what came of it is booked as far as it is known. */
@Injectable()
export class BrokerChanges {
  private readonly logger = new Logger('Orders');

  constructor(
    private readonly ledger: OrderLedger,
    private readonly brokers: Brokers,
    private readonly agreement: BookAgreement,
    private readonly clock: TradingClock,
    private readonly crash: CrashPoints,
  ) {}

  /** Ends an order that the broker is known not to have; `undefined` when it may have it. */
  async withdraw(order: OrderRow): Promise<OrderRow | undefined> {
    const note = { heldReason: null };
    if (order.status === 'Initialized') {
      const message = 'Canceled before it was decided on';
      const denied = { type: 'denied', code: 'CANCELED', message } as const;
      return this.ledger.apply(order, () => [denied], this.clock.now(), note);
    }
    if (order.status !== 'Submitted' || order.heldReason === null) return undefined;
    return this.ledger.apply(order, () => [{ type: 'canceled' }], this.clock.now(), note);
  }

  /**
   * Asks for the end of an order.
   *
   * @param why who asks, and why
   * @returns true when the broker has proved the end; else its books tell
   */
  async cancel(order: OrderRow, account: StoredAccount, why?: string): Promise<boolean> {
    await this.ledger.apply(order, () => [{ type: 'cancel-requested', reason: why }], this.clock.now());
    this.crash.reach('cancel.send');
    const outcome = await this.brokers.of(account).cancel(order, account);
    this.crash.reach('cancel.sent');
    if (outcome.kind === 'done') {
      await this.agreement.agree(order, account, outcome.order);
      return true;
    }
    await this.refused(order, outcome, 'cancel-rejected');
    return false;
  }

  /**
   * Asks for other terms.
   *
   * @returns true when the broker has proved the change; else its books tell
   */
  async modify(
    order: OrderRow,
    change: OrderTermsChange,
    account: StoredAccount,
    why: string,
  ): Promise<boolean> {
    await this.ledger.apply(order, () => [{ type: 'update-requested', reason: why }], this.clock.now());
    this.crash.reach('change.send');
    const outcome = await this.brokers.of(account).modify(order, change, account);
    this.crash.reach('change.sent');
    if (outcome.kind === 'done') {
      const { brokerOrderId } = outcome.order;
      await this.ledger.apply(
        order,
        ({ status }) => (status === 'PendingUpdate' ? [{ type: 'updated', ...change }] : []),
        this.clock.now(),
        { brokerOrderId },
      );
      return true;
    }
    await this.refused(order, outcome, 'update-rejected');
    return false;
  }

  private async refused(
    order: OrderRow,
    outcome: Exclude<ChangeOutcome, { kind: 'done' }>,
    rejection: 'cancel-rejected' | 'update-rejected',
  ): Promise<void> {
    if (outcome.kind !== 'refused') return;
    const pending = rejection === 'cancel-rejected' ? 'PendingCancel' : 'PendingUpdate';
    this.logger.warn(`order ${order.id}: ${outcome.message}`);
    await this.ledger.apply(
      order,
      ({ status }) => (status === pending ? [{ type: rejection }] : []),
      this.clock.now(),
    );
  }
}
