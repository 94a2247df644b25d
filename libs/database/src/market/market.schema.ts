import type { FeedName, Instrument } from '@tickbridge/contracts';
import {
  bigint,
  doublePrecision,
  index,
  integer,
  jsonb,
  pgSchema,
  primaryKey,
  text,
  timestamp,
} from 'drizzle-orm/pg-core';

/** Candles, and who may hold a vendor's login. Written by market-data. */
export const marketSchema = pgSchema('market');

const time = (name: string) => timestamp(name, { withTimezone: true, precision: 3, mode: 'date' });

/** One row per feed: who holds it, or held it last. Times are this server's clock. */
export const feedLeases = marketSchema.table('feed_leases', {
  feed: text('feed').$type<FeedName>().primaryKey(),
  holder: text('holder').notNull(),
  /** Rises with every new holder and never falls: writes of an earlier one are refused by it. */
  fence: bigint('fence', { mode: 'number' }).notNull(),
  expiresAt: time('expires_at').notNull(),
});

/**
 * Candles built from every trade, the unfinished one of each interval included.
 *
 * Prices and volumes are the numbers that went in, bit for bit; a candle is replaced as it grows.
 */
export const candles = marketSchema.table(
  'candles',
  {
    feed: text('feed').$type<FeedName>().notNull(),
    symbol: text('symbol').notNull(),
    intervalMs: integer('interval_ms').notNull(),
    openTime: time('open_time').notNull(),
    open: doublePrecision('open').notNull(),
    high: doublePrecision('high').notNull(),
    low: doublePrecision('low').notNull(),
    close: doublePrecision('close').notNull(),
    volume: doublePrecision('volume').notNull(),
    /** `null` in a vendor's history that does not count trades. */
    trades: integer('trades'),
  },
  (table) => [
    primaryKey({ columns: [table.feed, table.symbol, table.intervalMs, table.openTime] }),
    // What is too old is found by it.
    index('candles_age').on(table.intervalMs, table.openTime),
  ],
);

/** Instruments as the vendors' lists describe them, one row each; one that left its list stays, as `delisted`. */
export const instruments = marketSchema.table(
  'instruments',
  {
    feed: text('feed').$type<FeedName>().notNull(),
    symbol: text('symbol').notNull(),
    /** Every name it is found by, its symbol first, upper case. */
    names: text('names').array().notNull(),
    /** What people search in: its names and its name in words, lower case. */
    searchText: text('search_text').notNull(),
    status: text('status').$type<Instrument['status']>().notNull(),
    source: text('source').notNull(),
    /** When a list last had it. */
    asOf: time('as_of').notNull(),
    /** Every other field. */
    details: jsonb('details').$type<InstrumentDetails>().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.feed, table.symbol] }),
    index('instruments_names').using('gin', table.names),
  ],
);

export type InstrumentDetails = Omit<Instrument, 'feed' | 'symbol' | 'status' | 'source' | 'asOf'>;

/** What a newer list said differently. Rows are never changed. */
export const instrumentChanges = marketSchema.table(
  'instrument_changes',
  {
    position: bigint('position', { mode: 'number' }).generatedAlwaysAsIdentity().primaryKey(),
    feed: text('feed').$type<FeedName>().notNull(),
    symbol: text('symbol').notNull(),
    changedAt: time('changed_at').notNull(),
    source: text('source').notNull(),
    /** The fields that changed, as they were. */
    before: jsonb('before').$type<Record<string, unknown>>().notNull(),
    after: jsonb('after').$type<Record<string, unknown>>().notNull(),
  },
  (table) => [index('instrument_changes_of').on(table.feed, table.symbol, table.position)],
);

/** How the last reading of each list went. */
export const instrumentLists = marketSchema.table(
  'instrument_lists',
  {
    feed: text('feed').$type<FeedName>().notNull(),
    source: text('source').notNull(),
    instruments: integer('instruments').notNull(),
    unreadableRows: integer('unreadable_rows').notNull(),
    readAt: time('read_at'),
    lastError: text('last_error'),
  },
  (table) => [primaryKey({ columns: [table.feed, table.source] })],
);
