import type { FeedName, Instrument, InstrumentChange, InstrumentList } from '@tickbridge/contracts';
import {
  type Database,
  instrumentChanges,
  type InstrumentDetails,
  instrumentLists,
  instruments,
  selectInstrumentsNamed,
  toInstrument,
} from '@tickbridge/database';
import { namesOf } from '@tickbridge/trading-core';
import { and, asc, desc, eq, inArray, ne, notInArray, type SQL, sql } from 'drizzle-orm';
import { changedFields } from './changed-fields';
import { type InstrumentSearch, InstrumentStore, type Reading } from './instrument-store';

/** Rows per statement. */
const BATCH = 500;

/** Instruments, what changed of them, and how their lists were read, in PostgreSQL. */
export class InstrumentRepository extends InstrumentStore {
  constructor(private readonly database: Database) {
    super();
  }

  async save(
    feed: FeedName,
    source: string,
    list: readonly Instrument[],
    { readAt, isWhole }: Reading,
  ): Promise<string[]> {
    const changed: string[] = [];
    for (let start = 0; start < list.length; start += BATCH) {
      changed.push(...(await this.saveBatch(feed, list.slice(start, start + BATCH), readAt)));
    }
    if (isWhole) changed.push(...(await this.markDelisted(feed, source, readAt)));
    return changed;
  }

  async addKnown(known: readonly Instrument[]): Promise<void> {
    if (known.length === 0) return;
    await this.database.orm
      .insert(instruments)
      .values(known.map((instrument) => toRow(instrument, new Date(instrument.asOf))))
      .onConflictDoNothing();
  }

  async recordReading(list: Omit<InstrumentList, 'readAt'> & { readAt: Date | null }): Promise<void> {
    const { feed, source, instruments: count, unreadableRows, readAt, lastError } = list;
    const row = { instruments: count, unreadableRows, lastError, ...(readAt && { readAt }) };
    await this.database.orm
      .insert(instrumentLists)
      .values({ feed, source, ...row })
      .onConflictDoUpdate({
        target: [instrumentLists.feed, instrumentLists.source],
        // A reading that failed leaves what the last good one counted.
        set: readAt ? row : { lastError },
      });
  }

  async lists(): Promise<InstrumentList[]> {
    const rows = await this.database.orm
      .select()
      .from(instrumentLists)
      .orderBy(asc(instrumentLists.feed), asc(instrumentLists.source));
    return rows.map((row) => ({ ...row, readAt: row.readAt?.toISOString() ?? null }));
  }

  async named(feed: FeedName, keys: readonly string[]): Promise<Instrument[]> {
    return selectInstrumentsNamed(this.database.orm, feed, keys);
  }

  async symbols(feed: FeedName): Promise<string[]> {
    const rows = await this.database.orm
      .select({ symbol: instruments.symbol })
      .from(instruments)
      .where(and(eq(instruments.feed, feed), ne(instruments.status, 'delisted')));
    return rows.map(({ symbol }) => symbol);
  }

  async search({ search, feed, assetClass, status, limit, offset }: InstrumentSearch) {
    const text = search?.trim().toLowerCase() ?? '';
    const where = and(
      feed && eq(instruments.feed, feed),
      status && eq(instruments.status, status),
      assetClass && sql`${instruments.details} ->> 'assetClass' = ${assetClass}`,
      text === '' ? undefined : sql`position(${text} in ${instruments.searchText}) > 0`,
    );
    const [rows, [count]] = await Promise.all([
      this.database.orm
        .select()
        .from(instruments)
        .where(where)
        .orderBy(...ranking(text), asc(instruments.symbol), asc(instruments.feed))
        .limit(limit)
        .offset(offset),
      this.database.orm
        .select({ total: sql<number>`count(*)::int` })
        .from(instruments)
        .where(where),
    ]);
    return { instruments: rows.map(toInstrument), total: count?.total ?? 0 };
  }

  async changes(feed: FeedName, symbol: string, limit: number): Promise<InstrumentChange[]> {
    const rows = await this.database.orm
      .select()
      .from(instrumentChanges)
      .where(and(eq(instrumentChanges.feed, feed), eq(instrumentChanges.symbol, symbol)))
      .orderBy(desc(instrumentChanges.position))
      .limit(limit);
    return rows.map(({ position: _, changedAt, ...row }) => ({ ...row, changedAt: changedAt.toISOString() }));
  }

  private async saveBatch(feed: FeedName, batch: readonly Instrument[], readAt: Date): Promise<string[]> {
    return this.database.orm.transaction(async (transaction) => {
      const known = await transaction
        .select()
        .from(instruments)
        .where(
          and(
            eq(instruments.feed, feed),
            inArray(
              instruments.symbol,
              batch.map(({ symbol }) => symbol),
            ),
          ),
        )
        .orderBy(asc(instruments.symbol))
        .for('update');
      const before = new Map(known.map((row) => [row.symbol, toInstrument(row)]));
      // A first description is no change.
      const changes = batch.flatMap((instrument) => {
        const { symbol, source } = instrument;
        const earlier = before.get(symbol);
        const change = earlier && changedFields(earlier, instrument);
        return change ? [{ feed, symbol, changedAt: readAt, source, ...change }] : [];
      });
      if (changes.length > 0) await transaction.insert(instrumentChanges).values(changes);
      await transaction
        .insert(instruments)
        .values(batch.map((instrument) => toRow(instrument, readAt)))
        .onConflictDoUpdate({
          target: [instruments.feed, instruments.symbol],
          set: {
            names: sql`excluded.names`,
            searchText: sql`excluded.search_text`,
            status: sql`excluded.status`,
            source: sql`excluded.source`,
            // Of two readings at once the later one counts, whichever is written first.
            asOf: sql`greatest(${instruments.asOf}, excluded.as_of)`,
            details: sql`excluded.details`,
          },
        });
      return changes.map(({ symbol }) => symbol);
    });
  }

  private async markDelisted(feed: FeedName, source: string, readAt: Date): Promise<string[]> {
    return this.database.orm.transaction(async (transaction) => {
      const gone = await transaction
        .update(instruments)
        .set({ status: 'delisted' })
        .where(
          and(
            eq(instruments.feed, feed),
            eq(instruments.source, source),
            sql`${instruments.asOf} < ${readAt}`,
            notInArray(instruments.status, ['delisted']),
          ),
        )
        .returning({ symbol: instruments.symbol, details: instruments.details });
      const lasting = gone.filter(({ details }) => details.derivative === null);
      if (lasting.length > 0) {
        await transaction.insert(instrumentChanges).values(
          lasting.map(({ symbol }) => ({
            feed,
            symbol,
            changedAt: readAt,
            source,
            before: { status: 'trading' },
            after: { status: 'delisted' },
          })),
        );
      }
      return gone.map(({ symbol }) => symbol);
    });
  }
}

function toRow(instrument: Instrument, readAt: Date): typeof instruments.$inferInsert {
  const { feed, symbol, status, source, asOf: _, ...rest } = instrument;
  const details: InstrumentDetails = rest;
  const names = namesOf(instrument);
  const searchText = [...names, instrument.name ?? ''].join(' ').toLowerCase();
  return { feed, symbol, status, source, asOf: readAt, details, names, searchText };
}

/** The very name first, then what begins with the text, then what has it somewhere. */
function ranking(text: string): SQL[] {
  if (text === '') return [];
  return [
    sql`case when ${text.toUpperCase()} = any(${instruments.names}) then 0
      when starts_with(lower(${instruments.symbol}), ${text}) then 1 else 2 end`,
    sql`length(${instruments.symbol})`,
  ];
}
