import { Injectable } from '@nestjs/common';
import { type Signal, toIso } from '@tickbridge/contracts';
import { Database, type Queryable, signals } from '@tickbridge/database';
import { SignalArchive, type SignalQuery } from '@tickbridge/shared-cache';
import { and, desc, eq, gte, inArray } from 'drizzle-orm';
import { TradingFeeds } from '../market/trading-feeds';

/** Signals in PostgreSQL: their durable home. */
@Injectable()
export class SignalRepository extends SignalArchive {
  constructor(
    private readonly database: Database,
    private readonly feeds: TradingFeeds,
  ) {
    super();
  }

  /**
   * @param durable `false` for a wish whose order is stored next, before anybody acts on it
   * @returns false when a signal of that id is stored already
   */
  async insert(signal: Signal, { durable = true }: { durable?: boolean } = {}): Promise<boolean> {
    const stored = await (durable
      ? insertInto(this.database.orm, signal)
      : this.database.withoutDisk((transaction) => insertInto(transaction, signal)));
    return stored.length > 0;
  }

  async find(id: string): Promise<Signal | undefined> {
    const [row] = await this.database.orm.select().from(signals).where(eq(signals.id, id));
    return row && toSignal(row);
  }

  /** Matching signals of these feeds, newest first. */
  async select({ count = 50, symbol, strategy, since }: SignalQuery): Promise<Signal[]> {
    const rows = await this.database.orm
      .select()
      .from(signals)
      .where(
        and(
          inArray(signals.source, [...this.feeds.names]),
          symbol === undefined ? undefined : eq(signals.symbol, symbol),
          strategy === undefined ? undefined : eq(signals.strategy, strategy),
          since === undefined ? undefined : gte(signals.createdAt, new Date(since)),
        ),
      )
      .orderBy(desc(signals.position))
      .limit(count);
    return rows.map(toSignal);
  }

  override async newest(count: number): Promise<readonly Signal[]> {
    // Asked at the start of the process, when PostgreSQL may still be on its way.
    await this.database.whenReady();
    return (await this.select({ count })).reverse();
  }
}

export function toSignal(row: typeof signals.$inferSelect): Signal {
  const { position: _position, accountId, ...signal } = row;
  return {
    ...signal,
    ...(accountId !== null && { accountId }),
    barTime: toIso(row.barTime.getTime()),
    createdAt: toIso(row.createdAt.getTime()),
    expiresAt: toIso(row.expiresAt.getTime()),
  };
}

async function insertInto(database: Queryable, signal: Signal): Promise<{ id: string }[]> {
  return database
    .insert(signals)
    .values({
      ...signal,
      barTime: new Date(signal.barTime),
      createdAt: new Date(signal.createdAt),
      expiresAt: new Date(signal.expiresAt),
    })
    .onConflictDoNothing()
    .returning({ id: signals.id });
}
