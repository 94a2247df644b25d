import { Injectable } from '@nestjs/common';
import { cashEntries, Database, fills, orders } from '@tickbridge/database';
import { and, asc, eq, gt, gte, lt, lte, sql } from 'drizzle-orm';

/** Rows read at once. */
const PAGE = 5_000;

/** A stretch of time, ms since 1970; the end is exclusive. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
}

/** A fill with what its order says of it. */
export type JournalFill = Awaited<ReturnType<JournalReader['page']>>[number];

/** What the books hold of an account, oldest first, page by page. */
@Injectable()
export class JournalReader {
  constructor(private readonly database: Database) {}

  async *fills(accountId: string, stretch: Stretch): AsyncGenerator<JournalFill> {
    for (let after = 0; ;) {
      const page = await this.page(accountId, stretch, after);
      yield* page;
      const last = page.at(-1);
      if (!last || page.length < PAGE) return;
      after = last.position;
    }
  }

  /** Names of all charges that were booked by item. */
  async chargeItems(accountId: string, { from, to }: Stretch): Promise<string[]> {
    const { rows } = await this.database.orm.execute<{ item: string }>(sql`
      select distinct jsonb_object_keys(charges) as item from ${fills}
      where account_id = ${accountId} and filled_at >= ${iso(from)}::timestamptz
        and filled_at < ${iso(to)}::timestamptz and charges is not null
      order by item`);
    return rows.map(({ item }) => item);
  }

  /** Changes of cash that are no fill, by the day they are about. */
  cash(accountId: string, from: string, to: string) {
    return this.database.orm
      .select()
      .from(cashEntries)
      .where(and(eq(cashEntries.accountId, accountId), gte(cashEntries.day, from), lte(cashEntries.day, to)))
      .orderBy(asc(cashEntries.day), asc(cashEntries.position));
  }

  page(accountId: string, { from, to }: Stretch, after: number) {
    return this.database.orm
      .select({
        position: fills.position,
        tradeId: fills.tradeId,
        orderId: fills.orderId,
        brokerOrderId: orders.brokerOrderId,
        symbol: fills.symbol,
        product: orders.product,
        strategy: fills.strategy,
        side: fills.side,
        quantity: fills.quantity,
        price: fills.price,
        fee: fills.fee,
        charges: fills.charges,
        realized: fills.realized,
        filledAt: fills.filledAt,
      })
      .from(fills)
      .innerJoin(orders, eq(orders.id, fills.orderId))
      .where(
        and(
          eq(fills.accountId, accountId),
          gte(fills.filledAt, new Date(from)),
          lt(fills.filledAt, new Date(to)),
          gt(fills.position, after),
        ),
      )
      .orderBy(asc(fills.position))
      .limit(PAGE);
  }
}

function iso(time: number): string {
  return new Date(time).toISOString();
}
