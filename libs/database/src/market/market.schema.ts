import type { FeedName } from '@tickbridge/contracts';
import {
  bigint,
  doublePrecision,
  index,
  integer,
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
