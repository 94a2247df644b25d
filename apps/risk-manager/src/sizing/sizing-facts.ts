import { Injectable } from '@nestjs/common';
import {
  CANDLE_INTERVAL_MS,
  type CandleInterval,
  type FeedName,
  type Instrument,
} from '@tickbridge/contracts';
import {
  accounts,
  candles,
  Database,
  orders,
  positions,
  selectInstrument,
  selectScopedLimits,
} from '@tickbridge/database';
import {
  knownInstrument,
  money,
  type RangeBar,
  type ScopedLimits,
  TERMINAL_STATUSES,
} from '@tickbridge/trading-core';
import { and, desc, eq, ne, notInArray, sql } from 'drizzle-orm';

/** What a size is computed from, read from PostgreSQL. */
@Injectable()
export class SizingFacts {
  constructor(private readonly database: Database) {}

  async account(id: string) {
    const [row] = await this.database.orm.select().from(accounts).where(eq(accounts.id, id));
    return row;
  }

  async holdings(accountId: string) {
    const rows = await this.database.orm
      .select()
      .from(positions)
      .where(and(eq(positions.accountId, accountId), ne(positions.quantity, '0')));
    return rows.map(({ strategy, symbol, quantity, cost }) => ({
      strategy,
      symbol,
      quantity: money(quantity),
      cost: money(cost),
    }));
  }

  /** Value of the account's open orders at the prices they were decided on. */
  async pending(accountId: string) {
    const [row] = await this.database.orm
      .select({
        value: sql<string>`coalesce(sum((${orders.quantity} - ${orders.filledQuantity})
          * coalesce(${orders.limitPrice}, ${orders.decisionPrice})), 0)::text`,
      })
      .from(orders)
      .where(and(eq(orders.accountId, accountId), notInArray(orders.status, [...TERMINAL_STATUSES])));
    return money(row?.value ?? 0);
  }

  async instrument(feed: FeedName, symbol: string): Promise<Instrument | undefined> {
    return (await selectInstrument(this.database.orm, feed, symbol)) ?? knownInstrument(feed, symbol);
  }

  async limits(): Promise<readonly ScopedLimits[]> {
    return selectScopedLimits(this.database.orm);
  }

  /** The newest recorded candles, oldest first. */
  async bars(feed: FeedName, symbol: string, interval: CandleInterval, count: number): Promise<RangeBar[]> {
    const rows = await this.database.orm
      .select({ high: candles.high, low: candles.low, close: candles.close })
      .from(candles)
      .where(
        and(
          eq(candles.feed, feed),
          eq(candles.symbol, symbol),
          eq(candles.intervalMs, CANDLE_INTERVAL_MS[interval]),
        ),
      )
      .orderBy(desc(candles.openTime))
      .limit(count);
    return rows.reverse();
  }
}
