import { Injectable } from '@nestjs/common';
import { type EquityPeak, type EquityPeakReset, toIso } from '@tickbridge/contracts';
import { Database, equityPeakResets, equityPeaks, paidIn } from '@tickbridge/database';
import { type Money, money, moneyText } from '@tickbridge/trading-core';
import { eq, sql } from 'drizzle-orm';

/** Highest equity of each account, in PostgreSQL. */
@Injectable()
export class EquityPeaks {
  constructor(private readonly database: Database) {}

  /** Remembers an equity without what was paid in, when it is the highest so far. */
  async raise(accountId: string, equity: Money, at: number): Promise<void> {
    const row = { peak: moneyText(equity), reachedAt: new Date(at) };
    await this.database.orm
      .insert(equityPeaks)
      .values({ accountId, ...row })
      .onConflictDoUpdate({
        target: equityPeaks.accountId,
        set: row,
        setWhere: sql`${equityPeaks.peak} < excluded.peak`,
      });
  }

  /** Lets the peak fall: an audited act of a person, who says from which equity drawdowns are counted on. */
  async reset(accountId: string, { equity, by, reason }: EquityPeakReset): Promise<EquityPeak> {
    const changedAt = new Date();
    const after = moneyText(money(equity));
    await this.database.orm.transaction(async (transaction) => {
      const [before] = await transaction
        .select({ peak: sql<string>`(${equityPeaks.peak} + ${paidIn(sql`${accountId}::text`)})::text` })
        .from(equityPeaks)
        .where(eq(equityPeaks.accountId, accountId))
        .for('update');
      // Stored without what was paid in, of the moment.
      const row = {
        peak: sql<string>`${after}::numeric - ${paidIn(sql`${accountId}::text`)}`,
        reachedAt: changedAt,
      };
      await transaction
        .insert(equityPeaks)
        .values({ accountId, ...row })
        .onConflictDoUpdate({ target: equityPeaks.accountId, set: row });
      await transaction.insert(equityPeakResets).values({
        accountId,
        before: before?.peak ?? null,
        after,
        changedBy: by,
        reason,
        changedAt,
      });
    });
    return { accountId, peak: after, reachedAt: toIso(changedAt.getTime()) };
  }
}
