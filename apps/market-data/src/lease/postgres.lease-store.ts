import { type Database, feedLeases } from '@tickbridge/database';
import type { FeedName } from '@tickbridge/contracts';
import { and, eq, or, sql, type SQL } from 'drizzle-orm';
import type { LeaseRecord, LeaseStore } from './lease-store';

/** Not `now()`: a statement that waited for another's lock began earlier than it acts. */
const NOW = sql`clock_timestamp()`;

/** The lease in PostgreSQL: one row per feed, by the server's clock. The fencing number is never lost here. */
export class PostgresLeaseStore implements LeaseStore {
  readonly name = 'postgresql';
  readonly durable = true;

  constructor(
    private readonly database: Database,
    private readonly feed: FeedName,
  ) {}

  async read(): Promise<LeaseRecord> {
    const [row] = await this.database.orm
      .select({
        holder: feedLeases.holder,
        fence: feedLeases.fence,
        live: sql<boolean>`${feedLeases.expiresAt} > ${NOW}`,
      })
      .from(feedLeases)
      .where(eq(feedLeases.feed, this.feed));
    if (row === undefined) return { holder: null, fence: 0 };
    return { holder: row.live ? row.holder : null, fence: row.fence };
  }

  take(holder: string, fence: number, ttlMs: number): Promise<boolean> {
    const free = or(sql`${feedLeases.expiresAt} <= ${NOW}`, eq(feedLeases.holder, holder));
    return this.write(holder, fence, ttlMs, sql`${feedLeases.fence} < ${fence} and ${free}`);
  }

  keep(holder: string, fence: number, ttlMs: number): Promise<boolean> {
    const mine = sql`(${feedLeases.fence} = ${fence} and ${feedLeases.holder} = ${holder})`;
    return this.write(holder, fence, ttlMs, sql`${feedLeases.fence} < ${fence} or ${mine}`);
  }

  async release(holder: string, fence: number): Promise<void> {
    await this.database.orm
      .update(feedLeases)
      .set({ expiresAt: NOW })
      .where(and(eq(feedLeases.feed, this.feed), eq(feedLeases.holder, holder), eq(feedLeases.fence, fence)));
  }

  private async write(holder: string, fence: number, ttlMs: number, allowed: SQL): Promise<boolean> {
    const expiresAt = sql`${NOW} + ${ttlMs} * interval '1 millisecond'`;
    const written = await this.database.orm
      .insert(feedLeases)
      .values({ feed: this.feed, holder, fence, expiresAt })
      .onConflictDoUpdate({
        target: feedLeases.feed,
        set: { holder, fence, expiresAt },
        setWhere: allowed,
      })
      .returning({ fence: feedLeases.fence });
    return written.length === 1;
  }
}
