import { Injectable, Logger } from '@nestjs/common';
import type { StoredAccount } from '../accounts/account.repository';
import type { SubmitOutcome } from '../brokers/broker';
import { TradingClock } from '../market/trading-clock';
import { OrderCharges } from '../order-charges/order-charges';
import { PipelineCounters } from '../pipeline-counters/pipeline-counters';
import type { OrderRow } from '../rows/order.rows';
import { ledgerChanges } from './ledger-changes';
import { type NewOrder, OrderLedger } from './order-ledger';

/** Why an order goes no further. */
export interface Refusal {
  readonly code: string;
  readonly message: string;
}

/** What the ledger is told about an order on its way to the broker, step by step. */
@Injectable()
export class OrderSteps {
  private readonly logger = new Logger('Orders');

  constructor(
    private readonly ledger: OrderLedger,
    private readonly clock: TradingClock,
    private readonly counters: PipelineCounters,
    private readonly charges: OrderCharges,
  ) {}

  /** Stores the order, or finds the one that exists for its signal and account. */
  create(order: NewOrder): Promise<OrderRow> {
    return this.ledger.create(order, this.clock.now());
  }

  /** Risk has denied the order. */
  deny(order: OrderRow, refusal: Refusal): Promise<OrderRow> {
    const change = { type: 'denied', ...refusal } as const;
    return this.ledger.apply(order, () => [change], this.clock.now(), { heldReason: null });
  }

  /**
   * Risk has approved: from here on the order may be handed over.
   *
   * @param durable `false` where the broker cannot have the order when this is lost
   */
  approve(order: OrderRow, durable: boolean): Promise<OrderRow> {
    const change = { type: 'submitted' } as const;
    return this.ledger.apply(order, () => [change], this.clock.now(), { heldReason: null }, { durable });
  }

  /** Ends an order that was never handed over, with the reason. One that was handed over meanwhile is left alone. */
  async end(order: OrderRow, { code, message }: Refusal): Promise<OrderRow> {
    this.counters.stopped('order', code);
    return this.ledger.apply(
      order,
      ({ status }, row) => {
        if (status === 'Initialized') return [{ type: 'denied', code, message }];
        return status === 'Submitted' && row.heldReason !== null ? [{ type: 'rejected', code, message }] : [];
      },
      this.clock.now(),
      (row) => (row.heldReason === null ? {} : { heldReason: null }),
    );
  }

  /** The order waits here for its broker. */
  async hold(order: OrderRow, code: string): Promise<OrderRow> {
    this.counters.stopped('order', code);
    const waits = ({ status, heldReason }: OrderRow) =>
      status === 'Initialized' || (status === 'Submitted' && heldReason !== null);
    // It may have been handed over since it was read: then nobody may say that the broker does not have it.
    return this.ledger.apply(
      order,
      () => [],
      this.clock.now(),
      (row) => (waits(row) ? { heldReason: code } : {}),
    );
  }

  /**
   * From here on the order may be at the broker: the ledger must not say otherwise.
   *
   * @returns the order as it is, when it is not held any more: somebody else has handed it over
   */
  async release(order: OrderRow): Promise<OrderRow | undefined> {
    let held = false;
    const row = await this.ledger.apply(
      order,
      (_, locked) => {
        held = locked.status === 'Submitted' && locked.heldReason !== null;
        return [];
      },
      this.clock.now(),
      { heldReason: null },
    );
    return held ? undefined : row;
  }

  /** What the broker answered to the submission. */
  async note(order: OrderRow, account: StoredAccount, outcome: SubmitOutcome): Promise<OrderRow> {
    const now = this.clock.now();
    switch (outcome.kind) {
      case 'taken': {
        const terms = await this.charges.find(account, order, now);
        return this.ledger.apply(order, (state) => ledgerChanges(state, outcome.order, terms), now, {
          brokerOrderId: outcome.order.brokerOrderId,
          heldReason: null,
        });
      }
      case 'refused': {
        const { code, message } = outcome;
        this.counters.stopped('order', code);
        return this.ledger.apply(order, () => [{ type: 'rejected', code, message }], now);
      }
      case 'held':
        this.counters.stopped('order', outcome.code);
        return this.ledger.apply(
          order,
          () => [],
          now,
          ({ status, brokerOrderId }) =>
            status === 'Submitted' && brokerOrderId === null ? { heldReason: outcome.code } : {},
        );
      case 'unknown':
        this.counters.stopped('order', 'OUTCOME_UNKNOWN');
        this.logger.warn(
          `order ${order.id}: the broker's answer is not known (${outcome.evidence}); its books are searched`,
        );
        return order;
    }
  }
}
