import { Injectable } from '@nestjs/common';
import { Broker } from '../broker/broker';
import { TradingClock } from '../feed/trading-clock';
import { RiskGateway } from '../risk/risk-gateway';
import { SIGNAL_LIFETIME_MS } from '@tickbridge/trading-core';
import { OrderLedger, type NewOrder } from './order-ledger';
import { OrderRepository } from './order.repository';
import type { OrderRow } from './order.rows';

/**
 * Brings an order from its first row to its end: risk decision, submission, the broker's answer.
 *
 * Every step is stored before the next one begins, and an order goes on from wherever it stands: repeating is safe.
 */
@Injectable()
export class OrderExecutor {
  constructor(
    private readonly ledger: OrderLedger,
    private readonly orders: OrderRepository,
    private readonly risk: RiskGateway,
    private readonly broker: Broker,
    private readonly clock: TradingClock,
  ) {}

  /** Stores the order, or finds the one that exists for its signal and account, and brings it on. */
  async place(order: NewOrder): Promise<void> {
    await this.bringOn(await this.ledger.create(order, this.clock.now()));
  }

  /**
   * Orders left unfinished by an earlier run: brought on while their signal is young, ended when it is old.
   *
   * The paper broker stores its fills with the order, so an order it has no fill for was not filled.
   */
  async resume(): Promise<void> {
    for (const order of await this.orders.unfinished()) {
      const ageMs = this.clock.now() - order.createdAt.getTime();
      if (ageMs <= SIGNAL_LIFETIME_MS) await this.bringOn(order);
      else await this.end(order);
    }
  }

  private async bringOn(order: OrderRow): Promise<void> {
    let current = order;
    if (current.status === 'Initialized') current = await this.decide(current);
    if (current.status === 'Submitted') await this.submit(current);
  }

  private async decide(order: OrderRow): Promise<OrderRow> {
    const { approved, code, message } = await this.risk.ask(order);
    const change = approved ? ({ type: 'submitted' } as const) : ({ type: 'denied', code, message } as const);
    return this.ledger.apply(order.id, [change], this.clock.now());
  }

  private async submit(order: OrderRow): Promise<void> {
    const changes = await this.broker.submit(order);
    await this.ledger.apply(order.id, changes, this.clock.now());
  }

  private async end(order: OrderRow): Promise<void> {
    const message = 'The service was away until the signal had expired';
    const change =
      order.status === 'Initialized'
        ? ({ type: 'denied', code: 'SIGNAL_EXPIRED', message } as const)
        : ({ type: 'canceled' } as const);
    await this.ledger.apply(order.id, [change], this.clock.now());
  }
}
