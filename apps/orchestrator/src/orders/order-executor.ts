import { Injectable } from '@nestjs/common';
import { AccountLeases, FencedOffError } from '../accounts/account-leases';
import { isArmed, type StoredAccount } from '../accounts/account.repository';
import type { Broker } from '../brokers/broker';
import { Brokers } from '../brokers/brokers';
import { CrashPoints } from '../crash-points/crash-points';
import { RiskGateway } from '../risk/risk-gateway';
import type { OrderRow } from '../rows/order.rows';
import { ExitClearance } from './exit-clearance';
import type { NewOrder } from './order-ledger';
import { OrderSteps } from './order-steps';

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
  /** Orders on their way to the broker in this process: their absence from its books means nothing yet. */
  private readonly underWay = new Set<string>();

  constructor(
    private readonly steps: OrderSteps,
    private readonly risk: RiskGateway,
    private readonly brokers: Brokers,
    private readonly leases: AccountLeases,
    private readonly crash: CrashPoints,
    private readonly exits: ExitClearance,
  ) {}

  isInFlight(orderId: string): boolean {
    return this.underWay.has(orderId);
  }

  /** Stores the order, or finds the one that exists for its signal and account, and brings it on. */
  async place(order: NewOrder, account: StoredAccount): Promise<OrderRow> {
    this.crash.reach('order.create');
    const row = await this.steps.create(order);
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
    if (!isArmed(account)) return this.steps.end(order, NOT_ARMED);
    const broker = this.brokers.of(account);
    const readiness = await broker.readiness(account);
    if (!readiness.ready) return this.steps.hold(order, readiness.code);
    const stopped = await this.makeWay(order, account, broker);
    if (stopped) return stopped;
    if (held) return this.decideAgain(order, account, broker);
    const decided = await this.decide(order, account, broker);
    return decided.status === 'Submitted' ? this.send(decided, account, broker) : decided;
  }

  /** The broker is known not to have the order, and it was not held: hands it over again. */
  async resend(order: OrderRow, account: StoredAccount): Promise<OrderRow> {
    return this.send(order, account, this.brokers.of(account));
  }

  /**
   * Takes protective stops back for an order that closes what they protect; not before the order is known to be let go.
   *
   * @returns the order when it cannot go now
   */
  private async makeWay(
    order: OrderRow,
    account: StoredAccount,
    broker: Broker,
  ): Promise<OrderRow | undefined> {
    if (!broker.restsStops) return undefined;
    const obstacle = this.exits.reducesNothing(order);
    if (obstacle) return this.steps.end(order, obstacle);
    if (!(await this.exits.isObstructed(order))) return undefined;
    const { approved, code, message } = await this.risk.ask(order, await broker.facts(account, order.symbol));
    if (!approved) return this.steps.end(order, { code, message });
    const clearance = await this.exits.clear(order, account);
    if (clearance === 'clear') return undefined;
    if (clearance === 'waits') return this.steps.hold(order, 'PROTECTIVE_STOP_WORKING');
    return this.steps.end(order, clearance);
  }

  /** A held order was approved for the market and the trading state of then: it is asked for again. */
  private async decideAgain(order: OrderRow, account: StoredAccount, broker: Broker): Promise<OrderRow> {
    const { approved, code, message } = await this.risk.ask(order, await broker.facts(account, order.symbol));
    return approved ? this.send(order, account, broker) : this.steps.end(order, { code, message });
  }

  private async decide(order: OrderRow, account: StoredAccount, broker: Broker): Promise<OrderRow> {
    const { approved, code, message } = await this.risk.ask(order, await broker.facts(account, order.symbol));
    this.crash.reach('risk.asked');
    this.crash.reach('order.submit');
    const decided = await (approved
      ? this.steps.approve(order, !broker.booksAreHere)
      : this.steps.deny(order, { code, message }));
    this.crash.reach('order.submitted');
    return decided;
  }

  private async send(order: OrderRow, account: StoredAccount, broker: Broker): Promise<OrderRow> {
    this.underWay.add(order.id);
    try {
      if (order.heldReason !== null) {
        const released = await this.steps.release(order);
        if (released) return released;
      }
      this.crash.reach('broker.send');
      // The process may have slept since the ledger was written to.
      if (!this.leases.holds(account.id)) throw new FencedOffError(account.id);
      const outcome = await broker.submit(order, account);
      this.brokers.recordCall(account.id, outcome.kind === 'unknown');
      this.crash.reach('broker.sent');
      const taken = await this.steps.note(order, account, outcome);
      this.crash.reach('order.taken');
      return taken;
    } finally {
      this.underWay.delete(order.id);
    }
  }
}
