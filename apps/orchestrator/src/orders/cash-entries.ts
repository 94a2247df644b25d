import { Injectable } from '@nestjs/common';
import { accounts, cashEntries, Database, paidIn, type Queryable } from '@tickbridge/database';
import { moneyText, sumOf } from '@tickbridge/trading-core';
import { eq, sql } from 'drizzle-orm';
import { AccountLeases } from '../accounts/account-leases';
import { PositionBook } from '../positions/position-book';

export type CashEntry = typeof cashEntries.$inferSelect;
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
  ): Promise<Decided & { readonly stored: readonly CashEntry[] }> {
    const { result, stored, sums } = await this.database.transactionWithLock(
      (transaction) => this.leases.guard(transaction, accountId),
      async (transaction) => {
        const result = await decide(transaction);
        if (result.entries.length === 0) return { result, stored: [], sums: undefined };
        const amount = moneyText(sumOf(result.entries.map((entry) => entry.amount)));
        const stored = await transaction
          .insert(cashEntries)
          .values([...result.entries])
          .returning();
        await transaction
          .update(accounts)
          .set({ cash: sql`${accounts.cash} + ${amount}::numeric` })
          .where(eq(accounts.id, accountId));
        const [sums] = await transaction
          .select({
            all: sql<string>`sum(${cashEntries.amount})::text`,
            paidIn: sql<string>`${paidIn(sql`${accountId}::text`)}::text`,
          })
          .from(cashEntries)
          .where(eq(cashEntries.accountId, accountId));
        return { result, stored, sums };
      },
    );
    if (sums !== undefined) this.book.putCash(accountId, sums);
    return { ...result, stored };
  }
}
