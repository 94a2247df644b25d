import { Injectable } from '@nestjs/common';
import type { Order, OrderStatus, OrderWithEvents } from '@tickbridge/contracts';
import { accounts, Database, orderEvents, orders } from '@tickbridge/database';
import { TERMINAL_STATUSES } from '@tickbridge/trading-core';
import { and, asc, desc, eq, inArray, notInArray } from 'drizzle-orm';
import { TradingFeeds } from '../feed/trading-feeds';
import { type OrderRow, toOrder, toOrderEvent } from './order.rows';

export interface OrderQuery {
  status?: OrderStatus | undefined;
  symbol?: string | undefined;
  account?: string | undefined;
  limit: number;
}

/** Reads orders. They are written by `OrderLedger` alone. */
@Injectable()
export class OrderRepository {
  constructor(
    private readonly database: Database,
    private readonly feeds: TradingFeeds,
  ) {}

  /** Matching orders, newest first. */
  async list({ status, symbol, account, limit }: OrderQuery): Promise<Order[]> {
    const rows = await this.database.orm
      .select()
      .from(orders)
      .where(
        and(
          status === undefined ? undefined : eq(orders.status, status),
          symbol === undefined ? undefined : eq(orders.symbol, symbol),
          account === undefined ? undefined : eq(orders.accountId, account),
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

  /** Orders of the feeds' accounts that are neither filled nor otherwise at their end, oldest first. */
  async unfinished(): Promise<OrderRow[]> {
    const rows = await this.database.orm
      .select({ order: orders })
      .from(orders)
      .innerJoin(accounts, eq(orders.accountId, accounts.id))
      .where(
        and(inArray(accounts.feed, [...this.feeds.names]), notInArray(orders.status, [...TERMINAL_STATUSES])),
      )
      .orderBy(asc(orders.position));
    return rows.map(({ order }) => order);
  }
}
