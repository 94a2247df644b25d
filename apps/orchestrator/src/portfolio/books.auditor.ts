import { Injectable } from '@nestjs/common';
import { type BooksCheck, toIso } from '@tickbridge/contracts';
import {
  accounts,
  cashEntries,
  Database,
  fills,
  portfolioDays,
  positions,
  type Queryable,
} from '@tickbridge/database';
import { BookFold, type BookDifference, difference, money, sumOf } from '@tickbridge/trading-core';
import { and, asc, eq, gt } from 'drizzle-orm';

/** Fills read at once. */
const PAGE = 5_000;

type FillRow = typeof fills.$inferSelect;

/** Compares what is stored of an account with the fold of all its fills and entries beside them, to the last digit. */
@Injectable()
export class BooksAuditor {
  constructor(private readonly database: Database) {}

  /** One consistent look, while trading goes on. @returns `undefined` for an account that is not there */
  check(accountId: string): Promise<BooksCheck | undefined> {
    return this.database.orm.transaction((transaction) => audit(transaction, accountId), {
      isolationLevel: 'repeatable read',
      accessMode: 'read only',
    });
  }
}

async function audit(transaction: Queryable, accountId: string): Promise<BooksCheck | undefined> {
  const [account] = await transaction.select().from(accounts).where(eq(accounts.id, accountId));
  if (!account) return undefined;
  const days = await transaction.select().from(portfolioDays).where(eq(portfolioDays.accountId, accountId));
  const held = await transaction.select().from(positions).where(eq(positions.accountId, accountId));
  const beside = await transaction
    .select({ amount: cashEntries.amount })
    .from(cashEntries)
    .where(eq(cashEntries.accountId, accountId));
  const books = new BookFold(sumOf([account.capital, ...beside.map(({ amount }) => amount)]));
  const ofDay = new Map(days.map(({ day }) => [day, { realized: [] as string[], fees: [] as string[] }]));
  const found: BookDifference[] = [];
  for await (const fill of allFills(transaction, accountId)) {
    const realized = books.add(fill);
    found.push(...difference(`profit of fill ${fill.tradeId}`, money(fill.realized), realized));
    const day = days.find(({ startsAt, endsAt }) => fill.filledAt >= startsAt && fill.filledAt < endsAt);
    if (!day) continue;
    ofDay.get(day.day)?.realized.push(fill.realized);
    ofDay.get(day.day)?.fees.push(fill.fee);
  }
  for (const { day, realized, fees } of days) {
    const sums = ofDay.get(day);
    found.push(
      ...difference(`profit of ${day}`, money(realized), sumOf(sums?.realized ?? [])),
      ...difference(`fees of ${day}`, money(fees), sumOf(sums?.fees ?? [])),
    );
  }
  found.push(...books.differences(held, account.cash));
  return {
    accountId,
    agrees: found.length === 0,
    fills: books.trades,
    positions: held.length,
    days: days.length,
    differences: found,
    checkedAt: toIso(Date.now()),
  };
}

/** In the order in which they were stored, page by page. */
async function* allFills(transaction: Queryable, accountId: string): AsyncGenerator<FillRow> {
  for (let after = 0; ;) {
    const page = await transaction
      .select()
      .from(fills)
      .where(and(eq(fills.accountId, accountId), gt(fills.position, after)))
      .orderBy(asc(fills.position))
      .limit(PAGE);
    yield* page;
    const last = page.at(-1);
    if (!last || page.length < PAGE) return;
    after = last.position;
  }
}
