import type { FeedName, Instrument } from '@tickbridge/contracts';
import { and, arrayOverlaps, eq, inArray, sql } from 'drizzle-orm';
import type { Queryable } from '../connection/database';
import { statement } from '../connection/statement';
import { instruments } from './market.schema';

export type InstrumentRow = typeof instruments.$inferSelect;

const byPrimaryKey = statement((database) =>
  database
    .select()
    .from(instruments)
    .where(
      and(eq(instruments.feed, sql.placeholder('feed')), eq(instruments.symbol, sql.placeholder('symbol'))),
    )
    .prepare('instrument'),
);

/** @returns `undefined` when no list of the feed ever had the symbol */
export async function selectInstrument(
  database: Queryable,
  feed: FeedName,
  symbol: string,
): Promise<Instrument | undefined> {
  const [row] = await byPrimaryKey(database).execute({ feed, symbol });
  return row && toInstrument(row);
}

/** Instruments of a feed by symbol; those that no list has are left out. */
export async function selectInstruments(
  database: Queryable,
  feed: FeedName,
  symbols: readonly string[],
): Promise<Map<string, Instrument>> {
  const rows = await database
    .select()
    .from(instruments)
    .where(and(eq(instruments.feed, feed), inArray(instruments.symbol, [...symbols])));
  return new Map(rows.map((row) => [row.symbol, toInstrument(row)]));
}

/** Instruments of a feed that are called by any of the names. @param keys in the form in which names are kept */
export async function selectInstrumentsNamed(
  database: Queryable,
  feed: FeedName,
  keys: readonly string[],
): Promise<Instrument[]> {
  if (keys.length === 0) return [];
  const rows = await database
    .select()
    .from(instruments)
    .where(and(eq(instruments.feed, feed), arrayOverlaps(instruments.names, [...keys])));
  return rows.map(toInstrument);
}

/** Names of the calendars of a feed's instruments that trade by another one than `main`, by symbol. */
export async function selectCalendarsBeside(
  database: Queryable,
  feed: FeedName,
  main: string,
): Promise<ReadonlyMap<string, string>> {
  const calendar = sql<string>`${instruments.details} ->> 'calendar'`;
  const rows = await database
    .select({ symbol: instruments.symbol, calendar })
    .from(instruments)
    .where(and(eq(instruments.feed, feed), sql`${calendar} <> ${main}`));
  return new Map(rows.map((row) => [row.symbol, row.calendar]));
}

/** @param asOf of a row, or of its JSON form */
export function toInstrument({
  feed,
  symbol,
  status,
  source,
  asOf,
  details,
}: Pick<InstrumentRow, 'feed' | 'symbol' | 'status' | 'source' | 'details'> & {
  asOf: Date | string;
}): Instrument {
  return { ...details, feed, symbol, status, source, asOf: new Date(asOf).toISOString() };
}
