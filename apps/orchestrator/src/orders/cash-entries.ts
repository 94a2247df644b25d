import { Injectable } from '@nestjs/common';
import { accounts, cashEntries, Database, type Queryable } from '@tickbridge/database';
import { moneyText, sumOf } from '@tickbridge/trading-core';
import { eq, sql } from 'drizzle-orm';
import { AccountLeases } from '../accounts/account-leases';
import { PositionBook } from '../positions/position-book';

export type NewCashEntry = Omit<typeof cashEntries.$inferInsert, 'position'>;

/** Writes changes of cash that are no fill: each an entry of its own, together with the account's cash. */
@Injectable()
export class CashEntries {
  constructor(
    private readonly database: Database,
    private readonly leases: AccountLeases,
    private readonly book: PositionBook,
  ) {}

  /**
   * Stores what is decided on the books as they are, all or nothing; called in the account's turn.
   *
   * @throws FencedOffError when another process trades the account by now
   */
  async add<Decided extends { readonly entries: readonly NewCashEntry[] }>(
    accountId: string,
    decide: (transaction: Queryable) => Promise<Decided>,
  ): Promise<Decided> {
    const { result, sum } = await this.database.transactionWithLock(
      (transaction) => this.leases.guard(transaction, accountId),
      async (transaction) => {
        const result = await decide(transaction);
        if (result.entries.length === 0) return { result, sum: undefined };
        const amount = moneyText(sumOf(result.entries.map((entry) => entry.amount)));
        await transaction.insert(cashEntries).values([...result.entries]);
        await transaction
          .update(accounts)
          .set({ cash: sql`${accounts.cash} + ${amount}::numeric` })
          .where(eq(accounts.id, accountId));
        const [all] = await transaction
          .select({ sum: sql<string>`sum(${cashEntries.amount})::text` })
          .from(cashEntries)
          .where(eq(cashEntries.accountId, accountId));
        return { result, sum: all?.sum };
      },
    );
    if (sum !== undefined) this.book.putCash(accountId, sum);
    return result;
  }
}
