import { Injectable } from '@nestjs/common';
import { type ChargeDifference, toIso } from '@tickbridge/contracts';
import { cashEntries, Database } from '@tickbridge/database';
import { noteDifference } from '@tickbridge/trading-core';
import { and, desc, eq } from 'drizzle-orm';
import { AccountRepository } from '../accounts/account.repository';
import { unknownAccount } from '../accounts/unknown-account.problem';

/** What contract notes stated beyond what was booked. */
@Injectable()
export class ChargeDifferences {
  constructor(
    private readonly database: Database,
    private readonly accounts: AccountRepository,
  ) {}

  /** Newest first. @throws ProblemException 404 for an unknown account */
  async list(accountId: string, limit: number): Promise<ChargeDifference[]> {
    if (!(await this.accounts.find(accountId))) throw unknownAccount(accountId);
    const rows = await this.database.orm
      .select()
      .from(cashEntries)
      .where(and(eq(cashEntries.accountId, accountId), eq(cashEntries.kind, 'charge-difference')))
      .orderBy(desc(cashEntries.position))
      .limit(limit);
    return rows.map(toDifference);
  }
}

function toDifference({
  kind: _,
  requestId: __,
  recordedAt,
  ...row
}: typeof cashEntries.$inferSelect): ChargeDifference {
  return {
    ...row,
    difference: noteDifference(row.booked, row.stated),
    recordedAt: toIso(recordedAt.getTime()),
  };
}
