import { Injectable } from '@nestjs/common';
import { Database, equitySamples } from '@tickbridge/database';
import { Money, money, moneyText } from '@tickbridge/trading-core';
import { and, asc, desc, eq, gte, inArray, lt, sql } from 'drizzle-orm';
import type { Valuation } from './account-valuer';

/** Rows of an account as a whole stand under the empty strategy. */
export const WHOLE_ACCOUNT = '';

/** Equity at a time (ms since 1970), before it is stored. */
export interface EquitySample extends Valuation {
  accountId: string;
  strategy: string;
  at: number;
  /** Equity before the first sample: an account's capital, nothing for a strategy. */
  start: string;
  /** Money paid in less what was paid out, contained in the equity. */
  paidIn: string;
}

export type EquitySampleRow = typeof equitySamples.$inferSelect;

/** Part of an account's samples; times are ms since 1970. */
export interface SampleRange {
  accountId: string;
  strategy: string;
  /** Inclusive. */
  from: number;
  /** Exclusive. */
  to: number;
}

/** Older samples are kept less densely: the last one of each step. */
const THINNING = [
  { olderThanMs: 2 * 86_400_000, keepEveryMs: 60_000 },
  { olderThanMs: 30 * 86_400_000, keepEveryMs: 15 * 60_000 },
  { olderThanMs: 365 * 86_400_000, keepEveryMs: 86_400_000 },
] as const;

/** Equity samples in PostgreSQL. */
@Injectable()
export class EquityRepository {
  constructor(private readonly database: Database) {}

  /** Stores samples, oldest first, with the peak up to each. A second one of the same time replaces the first. */
  async add(samples: readonly EquitySample[]): Promise<void> {
    if (samples.length === 0) return;
    const peaks = new Map<string, Money>();
    const rows = new Map<string, typeof equitySamples.$inferInsert>();
    for (const sample of samples) {
      const { accountId, strategy, at, equity, paidIn } = sample;
      const key = `${accountId}:${strategy}`;
      const before = peaks.get(key) ?? (await this.peak(accountId, strategy)) ?? money(sample.start);
      const peak = Money.max(before, equity.minus(paidIn));
      peaks.set(key, peak);
      rows.set(`${key}:${at}`, {
        accountId,
        strategy,
        at: new Date(at),
        equity: moneyText(equity),
        peak: moneyText(peak),
        paidIn,
        realized: moneyText(sample.realized),
        unrealized: moneyText(sample.unrealized),
        fees: moneyText(sample.fees),
        grossExposure: moneyText(sample.grossExposure),
        netExposure: moneyText(sample.netExposure),
      });
    }
    await this.database.orm
      .insert(equitySamples)
      .values([...rows.values()])
      .onConflictDoUpdate({
        target: [equitySamples.accountId, equitySamples.strategy, equitySamples.at],
        set: {
          equity: sql`excluded.equity`,
          peak: sql`greatest(${equitySamples.peak}, excluded.peak)`,
          paidIn: sql`excluded.paid_in`,
          realized: sql`excluded.realized`,
          unrealized: sql`excluded.unrealized`,
          fees: sql`excluded.fees`,
          grossExposure: sql`excluded.gross_exposure`,
          netExposure: sql`excluded.net_exposure`,
        },
      });
  }

  /** Highest value so far, money paid in and out left out; `undefined` before the first sample. */
  async peak(accountId: string, strategy: string): Promise<Money | undefined> {
    const [newest] = await this.database.orm
      .select({ peak: equitySamples.peak })
      .from(equitySamples)
      .where(and(eq(equitySamples.accountId, accountId), eq(equitySamples.strategy, strategy)))
      .orderBy(desc(equitySamples.at))
      .limit(1);
    return newest && money(newest.peak);
  }

  /** The last sample of every step, oldest first. */
  async curve({ accountId, strategy, from, to }: SampleRange, stepMs: number): Promise<EquitySampleRow[]> {
    const step = sql`floor(extract(epoch from ${equitySamples.at}) * 1000 / ${stepMs}::bigint)`;
    const last = this.database.orm
      .select({ at: sql<Date>`max(${equitySamples.at})`.as('last_at') })
      .from(equitySamples)
      .where(this.within({ accountId, strategy, from, to }))
      .groupBy(step);
    return this.database.orm
      .select()
      .from(equitySamples)
      .where(
        and(
          eq(equitySamples.accountId, accountId),
          eq(equitySamples.strategy, strategy),
          inArray(equitySamples.at, last),
        ),
      )
      .orderBy(asc(equitySamples.at));
  }

  /** Equities of a stretch and what of each was paid in, oldest first. */
  async equities(range: SampleRange): Promise<Pick<EquitySampleRow, 'equity' | 'paidIn'>[]> {
    return this.database.orm
      .select({ equity: equitySamples.equity, paidIn: equitySamples.paidIn })
      .from(equitySamples)
      .where(this.within(range))
      .orderBy(asc(equitySamples.at));
  }

  /** Thins what has grown old by the time of the trading clock. @returns how many samples went */
  async thin(accountIds: readonly string[], now: number): Promise<number> {
    let gone = 0;
    if (accountIds.length === 0) return gone;
    for (const { olderThanMs, keepEveryMs } of THINNING) {
      const { rowCount } = await this.database.orm.execute(sql`
        delete from ${equitySamples} using (
          select account_id, strategy, at,
            lead(at) over (
              partition by account_id, strategy, floor(extract(epoch from at) * 1000 / ${keepEveryMs}::bigint)
              order by at
            ) as later
          from ${equitySamples}
          where at < ${new Date(now - olderThanMs).toISOString()}::timestamptz
            and account_id in ${[...accountIds]}
        ) old
        where old.later is not null
          and ${equitySamples.accountId} = old.account_id
          and ${equitySamples.strategy} = old.strategy
          and ${equitySamples.at} = old.at`);
      gone += rowCount ?? 0;
    }
    return gone;
  }

  private within({ accountId, strategy, from, to }: SampleRange) {
    return and(
      eq(equitySamples.accountId, accountId),
      eq(equitySamples.strategy, strategy),
      gte(equitySamples.at, new Date(from)),
      lt(equitySamples.at, new Date(to)),
    );
  }
}
