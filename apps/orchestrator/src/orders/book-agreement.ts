import { Injectable, Logger } from '@nestjs/common';
import { IllegalTransitionError, OverFillError } from '@tickbridge/trading-core';
import type { StoredAccount } from '../accounts/account.repository';
import type { BrokerOrder } from '../brokers/broker';
import { CrashPoints } from '../crash-points/crash-points';
import { TradingClock } from '../market/trading-clock';
import { OrderCharges } from '../order-charges/order-charges';
import { PipelineCounters } from '../pipeline-counters/pipeline-counters';
import type { OrderRow } from '../rows/order.rows';
import { ledgerChanges } from './ledger-changes';
import { type LedgerChange, OrderLedger } from './order-ledger';

/** A broker that was asked for a change has had its time after this long (milliseconds). */
const GRACE_MS = 15_000;

/** Brings an order of the ledger in line with what the broker's books say of it. */
@Injectable()
export class BookAgreement {
  private readonly logger = new Logger('Reconciler');
  private readonly alarms = new Set<string>();
  /** By order, what its history says already. */
  private readonly remarks = new Map<string, string>();

  constructor(
    private readonly ledger: OrderLedger,
    private readonly clock: TradingClock,
    private readonly counters: PipelineCounters,
    private readonly crash: CrashPoints,
    private readonly charges: OrderCharges,
  ) {}

  /** What a person must look at: the broker's books and ours differ in a way that no rule resolves. */
  alarmsOf(accountId: string): string[] {
    const own = [...this.alarms].filter((alarm) => alarm.startsWith(`${accountId}: `));
    return [...own, ...this.charges.alarmsOf(accountId)];
  }

  async agree(order: OrderRow, account: StoredAccount, entry: BrokerOrder): Promise<void> {
    const now = this.clock.now();
    const terms = await this.charges.find(account, order, now);
    try {
      const agreed = await this.ledger.apply(
        order,
        (state) => {
          const changes = [...this.newRemark(order, entry.remark), ...ledgerChanges(state, entry, terms)];
          if (changes.length > 0 || now - order.updatedAt.getTime() < GRACE_MS) return changes;
          // The broker was asked, has had its time, and goes on working the order as it was.
          if (state.status === 'PendingCancel') return [{ type: 'cancel-rejected' }];
          return state.status === 'PendingUpdate' ? [settledUpdate(order, entry)] : [];
        },
        now,
        { brokerOrderId: entry.brokerOrderId },
      );
      if (entry.remark !== undefined) this.remarks.set(order.id, entry.remark);
      if (agreed.filledQuantity !== order.filledQuantity) this.crash.reach('fill.stored');
    } catch (error) {
      if (!(error instanceof OverFillError || error instanceof IllegalTransitionError)) throw error;
      this.alarm(account, error.message);
    }
  }

  /** Writes into the order's history what a person should know of it, once. */
  async remark(order: OrderRow, message: string): Promise<void> {
    await this.ledger.apply(order, () => this.newRemark(order, message), this.clock.now());
    this.remarks.set(order.id, message);
  }

  private newRemark({ id }: OrderRow, remark: string | undefined): LedgerChange[] {
    if (remark === undefined || this.remarks.get(id) === remark) return [];
    return [{ type: 'noted', reason: remark }];
  }

  private alarm({ id }: StoredAccount, message: string): void {
    const alarm = `${id}: ${message}`;
    if (this.alarms.has(alarm)) return;
    this.alarms.add(alarm);
    this.counters.stopped('fill', 'BOOKS_DIFFER');
    this.logger.error(alarm);
  }
}

function settledUpdate(order: OrderRow, { quantity, limitPrice, triggerPrice }: BrokerOrder) {
  const moved = triggerPrice !== undefined && triggerPrice !== order.triggerPrice;
  const updated = quantity !== order.quantity || limitPrice !== order.limitPrice || moved;
  return updated
    ? ({ type: 'updated', quantity, limitPrice, ...(moved && { triggerPrice }) } as const)
    : ({ type: 'update-rejected' } as const);
}
