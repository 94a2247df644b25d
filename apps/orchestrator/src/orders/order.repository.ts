import { Injectable } from '@nestjs/common';
import type { Order, OrderStatus, OrderWithEvents } from '@tickbridge/contracts';
import { Database, orderEvents, orders, positions } from '@tickbridge/database';
import { TERMINAL_STATUSES } from '@tickbridge/trading-core';
import { and, asc, desc, eq, gt, inArray, isNotNull, ne, notInArray, or, sql } from 'drizzle-orm';
import { TradingClock } from '../market/trading-clock';
import { type OrderRow, type StoredOrderRow, toOrder, toOrderEvent } from '../rows/order.rows';

export interface OrderQuery {
  status?: OrderStatus | undefined;
  symbol?: string | undefined;
  account?: string | undefined;
  /** Orders of one position. */
  group?: string | undefined;
  limit: number;
}

/** A protective order of a group, as far as its end is concerned. */
export interface ProtectiveHistory {
  groupId: string;
  status: OrderStatus;
  updatedAt: Date;
  filledQuantity: number;
  canceled: boolean;
}

/** A canceled order is often still filled for this long, and told of for a day (milliseconds). */
const LATE_FILL_MS = 10 * 60_000;
const DAY_MS = 24 * 3_600_000;

/** Reads orders. They are written by `OrderLedger` alone. */
@Injectable()
export class OrderRepository {
  constructor(
    private readonly database: Database,
    private readonly clock: TradingClock,
  ) {}

  /** Matching orders, newest first. */
  async list({ status, symbol, account, group, limit }: OrderQuery): Promise<Order[]> {
    const rows = await this.database.orm
      .select()
      .from(orders)
      .where(
        and(
          status === undefined ? undefined : eq(orders.status, status),
          symbol === undefined ? undefined : eq(orders.symbol, symbol),
          account === undefined ? undefined : eq(orders.accountId, account),
          group === undefined ? undefined : eq(orders.groupId, group),
        ),
      )
      .orderBy(desc(orders.position))
      .limit(limit);
    return rows.map(toOrder);
  }

  async findWithEvents(id: string): Promise<OrderWithEvents | undefined> {
    const [row] = await this.database.orm.select().from(orders).where(eq(orders.id, id));
    if (!row) return undefined;
    const events = await this.database.orm
      .select()
      .from(orderEvents)
      .where(eq(orderEvents.orderId, id))
      .orderBy(asc(orderEvents.sequence));
    return { ...toOrder(row), events: events.map(toOrderEvent) };
  }

  /** The account's orders that are neither filled nor otherwise at their end, oldest first. */
  async unfinished(accountId: string): Promise<StoredOrderRow[]> {
    return this.database.orm
      .select()
      .from(orders)
      .where(and(eq(orders.accountId, accountId), notInArray(orders.status, [...TERMINAL_STATUSES])))
      .orderBy(asc(orders.position));
  }

  /** Orders of the account that the broker is known not to have: not decided on, or held. */
  async waiting(accountId: string): Promise<OrderRow[]> {
    return this.database.orm
      .select()
      .from(orders)
      .where(
        and(
          eq(orders.accountId, accountId),
          or(
            eq(orders.status, 'Initialized'),
            and(eq(orders.status, 'Submitted'), isNotNull(orders.heldReason)),
          ),
        ),
      )
      .orderBy(asc(orders.position));
  }

  /** Orders the broker had and that were canceled a moment ago: a late fill of theirs is money. */
  recentlyCanceled(accountId: string): Promise<OrderRow[]> {
    return this.canceledWithin(accountId, LATE_FILL_MS);
  }

  /** The same of a day: a fill is money however late it is told. */
  canceledToday(accountId: string): Promise<OrderRow[]> {
    return this.canceledWithin(accountId, DAY_MS);
  }

  /** The broker's numbers of the account's orders of the last days. */
  async brokerOrderIds(accountId: string): Promise<string[]> {
    const rows = await this.database.orm
      .select({ id: orders.brokerOrderId })
      .from(orders)
      .where(and(eq(orders.accountId, accountId), isNotNull(orders.brokerOrderId)))
      .orderBy(desc(orders.createdAt))
      .limit(5_000);
    return rows.flatMap(({ id }) => (id === null ? [] : [id]));
  }

  private async canceledWithin(accountId: string, ms: number): Promise<OrderRow[]> {
    return this.database.orm
      .select()
      .from(orders)
      .where(
        and(
          eq(orders.accountId, accountId),
          eq(orders.status, 'Canceled'),
          isNotNull(orders.brokerOrderId),
          gt(orders.updatedAt, new Date(this.clock.now() - ms)),
        ),
      );
  }

  /** The order that a signal caused on an account. */
  async ofSignal(signalId: string, accountId: string): Promise<OrderRow | undefined> {
    const [row] = await this.database.orm
      .select()
      .from(orders)
      .where(and(eq(orders.signalId, signalId), eq(orders.accountId, accountId)));
    return row;
  }

  /**
   * Protective orders of the groups, newest first.
   *
   * `canceled`: the broker was asked to end it, so that its end is no failure.
   */
  async protectiveOf(groupIds: readonly string[]): Promise<ProtectiveHistory[]> {
    if (groupIds.length === 0) return [];
    return this.database.orm
      .select({
        groupId: sql<string>`${orders.groupId}`,
        status: orders.status,
        updatedAt: orders.updatedAt,
        filledQuantity: orders.filledQuantity,
        canceled: sql<boolean>`exists (select 1 from ${orderEvents}
          where ${orderEvents.orderId} = ${orders.id} and ${orderEvents.toStatus} = 'PendingCancel')`,
      })
      .from(orders)
      .where(and(eq(orders.protective, true), inArray(orders.groupId, [...groupIds])))
      .orderBy(desc(orders.position));
  }

  /** Whether the account holds nothing and has no order at work, by PostgreSQL. */
  async isFlat(accountId: string): Promise<boolean> {
    const held = await this.database.orm
      .select({ symbol: positions.symbol })
      .from(positions)
      .where(and(eq(positions.accountId, accountId), ne(positions.quantity, '0')))
      .limit(1);
    return held.length === 0 && (await this.unfinished(accountId)).length === 0;
  }

  /** Orders that a signal caused, on whatever account. */
  async ofSignalAnywhere(signalId: string): Promise<OrderRow[]> {
    return this.database.orm.select().from(orders).where(eq(orders.signalId, signalId));
  }

  /** Orders of an account in a symbol since a time, newest first. */
  async since(accountId: string, symbol: string, time: Date): Promise<OrderRow[]> {
    return this.database.orm
      .select()
      .from(orders)
      .where(and(eq(orders.accountId, accountId), eq(orders.symbol, symbol), gt(orders.createdAt, time)))
      .orderBy(desc(orders.createdAt))
      .limit(100);
  }

  async find(id: string): Promise<OrderRow | undefined> {
    const [row] = await this.database.orm.select().from(orders).where(eq(orders.id, id));
    return row;
  }

  /** Whether another order of the account's strategy is at work in the symbol. */
  async hasOther(id: string, accountId: string, strategy: string, symbol: string): Promise<boolean> {
    const rows = await this.database.orm
      .select({ id: orders.id })
      .from(orders)
      .where(
        and(
          eq(orders.accountId, accountId),
          eq(orders.strategy, strategy),
          eq(orders.symbol, symbol),
          ne(orders.id, id),
          // A protective stop makes way for an exit.
          eq(orders.protective, false),
          notInArray(orders.status, [...TERMINAL_STATUSES]),
        ),
      )
      .limit(1);
    return rows.length > 0;
  }
}
