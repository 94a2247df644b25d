import { Injectable, Logger } from '@nestjs/common';
import type { BrokerFacts } from '@tickbridge/contracts';
import { AccountLeases, FencedOffError } from '../accounts/account-leases';
import { isArmed, type StoredAccount } from '../accounts/account.repository';
import type { Broker, SubmitOutcome } from '../brokers/broker';
import { Brokers } from '../brokers/brokers';
import { TradingClock } from '../market/trading-clock';
import { CrashPoints } from '../crash-points/crash-points';
import { RiskGateway } from '../risk/risk-gateway';
import { PipelineCounters } from '../pipeline-counters/pipeline-counters';
import { ledgerChanges } from './ledger-changes';
import { type NewOrder, OrderLedger } from './order-ledger';
import type { OrderRow } from '../rows/order.rows';

/** An order of an account that is not armed is ended, not queued: arming must fire nothing. */
const NOT_ARMED = { code: 'ACCOUNT_NOT_ARMED', message: 'The account is not armed for real orders' };

/**
 * Brings an order from its first row to the broker: risk decision, submission, the broker's answer.
 *
 * Every step is stored before the next one begins. An order is handed over once: after that only the broker's books say
 * what became of it, unless the broker is known not to have taken it.
 */
@Injectable()
export class OrderExecutor {
  private readonly logger = new Logger('Orders');
  /** Orders on their way to the broker in this process: their absence from its books means nothing yet. */
  private readonly underWay = new Set<string>();

  constructor(
    private readonly ledger: OrderLedger,
    private readonly risk: RiskGateway,
    private readonly brokers: Brokers,
    private readonly leases: AccountLeases,
    private readonly clock: TradingClock,
    private readonly counters: PipelineCounters,
    private readonly crash: CrashPoints,
  ) {}

  isInFlight(orderId: string): boolean {
    return this.underWay.has(orderId);
  }

  /** Stores the order, or finds the one that exists for its signal and account, and brings it on. */
  async place(order: NewOrder, account: StoredAccount): Promise<OrderRow> {
    this.crash.reach('order.create');
    const row = await this.ledger.create(order, this.clock.now());
    this.crash.reach('order.created');
    return this.advance(row, account);
  }

  /**
   * Brings an order on from wherever it stands, as far as that can be done without asking the broker what it knows.
   *
   * An order that was handed over, or may have been, is left alone.
   */
  async advance(order: OrderRow, account: StoredAccount): Promise<OrderRow> {
    const held = order.status === 'Submitted' && order.heldReason !== null;
    if (order.status !== 'Initialized' && !held) return order;
    if (!isArmed(account)) return this.end(order, NOT_ARMED);
    const broker = this.brokers.of(account);
    const readiness = await broker.readiness(account);
    if (!readiness.ready) return this.hold(order, readiness.code);
    if (held) return this.decideAgain(order, account, broker);
    const decided = await this.decide(order, await broker.facts(account));
    return decided.status === 'Submitted' ? this.send(decided, account, broker) : decided;
  }

  /** Ends an order that was never handed over, with the reason. One that was handed over meanwhile is left alone. */
  async end(order: OrderRow, { code, message }: { code: string; message: string }): Promise<OrderRow> {
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

  /** The broker is known not to have the order, and it was not held: hands it over again. */
  async resend(order: OrderRow, account: StoredAccount): Promise<OrderRow> {
    return this.send(order, account, this.brokers.of(account));
  }

  /** A held order was approved for the market and the trading state of then: it is asked for again. */
  private async decideAgain(order: OrderRow, account: StoredAccount, broker: Broker): Promise<OrderRow> {
    const { approved, code, message } = await this.risk.ask(order, await broker.facts(account));
    return approved ? this.send(order, account, broker) : this.end(order, { code, message });
  }

  private async hold(order: OrderRow, code: string): Promise<OrderRow> {
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

  private async decide(order: OrderRow, broker: BrokerFacts | null): Promise<OrderRow> {
    const { approved, code, message } = await this.risk.ask(order, broker);
    this.crash.reach('risk.asked');
    const change = approved ? ({ type: 'submitted' } as const) : ({ type: 'denied', code, message } as const);
    this.crash.reach('order.submit');
    const decided = await this.ledger.apply(order, () => [change], this.clock.now(), { heldReason: null });
    this.crash.reach('order.submitted');
    return decided;
  }

  private async send(order: OrderRow, account: StoredAccount, broker: Broker): Promise<OrderRow> {
    this.underWay.add(order.id);
    try {
      if (order.heldReason !== null) {
        const released = await this.release(order);
        if (released) return released;
      }
      this.crash.reach('broker.send');
      // The process may have slept since the ledger was written to.
      if (!this.leases.holds(account.id)) throw new FencedOffError(account.id);
      const outcome = await broker.submit(order, account);
      this.brokers.recordCall(account.id, outcome.kind === 'unknown');
      this.crash.reach('broker.sent');
      const taken = await this.note(order, account, outcome);
      this.crash.reach('order.taken');
      return taken;
    } finally {
      this.underWay.delete(order.id);
    }
  }

  /**
   * From here on the order may be at the broker: the ledger must not say otherwise.
   *
   * @returns the order as it is, when it is not held any more: somebody else has handed it over
   */
  private async release(order: OrderRow): Promise<OrderRow | undefined> {
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

  private async note(order: OrderRow, account: StoredAccount, outcome: SubmitOutcome): Promise<OrderRow> {
    const now = this.clock.now();
    switch (outcome.kind) {
      case 'taken':
        return this.ledger.apply(order, (state) => ledgerChanges(state, account, outcome.order), now, {
          brokerOrderId: outcome.order.brokerOrderId,
          heldReason: null,
        });
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
