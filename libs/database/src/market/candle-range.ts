import type { FeedName } from '@tickbridge/contracts';
import { and, eq, gte, lte, sql } from 'drizzle-orm';
import type { Queryable } from '../connection/database';
import { candles } from './market.schema';

/** A stretch of an instrument's time (ms since 1970). */
export interface CandleStretch {
  feed: FeedName;
  symbol: string;
  from: number;
  to: number;
  /** Length of the candles that are looked at (milliseconds). */
  intervalMs: number;
}

/** Highest and lowest price of the candles that lie in a stretch as a whole; `null` when there is none. */
export async function selectCandleRange(
  database: Queryable,
  { feed, symbol, from, to, intervalMs }: CandleStretch,
): Promise<{ high: number; low: number } | null> {
  const [row] = await database
    .select({
      high: sql<number | null>`max(${candles.high})`,
      low: sql<number | null>`min(${candles.low})`,
    })
    .from(candles)
    .where(
      and(
        eq(candles.feed, feed),
        eq(candles.symbol, symbol),
        eq(candles.intervalMs, intervalMs),
        gte(candles.openTime, new Date(from)),
        lte(candles.openTime, new Date(to - intervalMs)),
      ),
    );
  if (!row || row.high === null || row.low === null) return null;
  return { high: row.high, low: row.low };
}
