import { CANDLE_INTERVAL_MS, type CandleInterval, type FeedName } from '@tickbridge/contracts';
import { candles, Database } from '@tickbridge/database';
import { and, desc, eq, sql, type SQL } from 'drizzle-orm';
import type { NamedCandle, StoredCandle } from '../bars/candle';
import { CANDLE_INTERVALS, LATE_LIMIT_MS } from './candle.policy';

/** Replaces the stored state of a candle. */
const ANY_CHANGE = sql`true`;
/** Fills up: a stored candle stays unless it lacks trades. */
const MORE_VOLUME = sql`${candles.volume} < excluded.volume`;

/** Candles of one feed in PostgreSQL. Every method rejects when PostgreSQL cannot be asked. */
export class CandleRepository {
  constructor(
    private readonly database: Database,
    private readonly feed: FeedName,
  ) {}

  /**
   * Writes candles, whole, in one statement.
   *
   * @param fence number of the lease they were built under: under a lower one than the lease's own nothing is written
   * @returns how many were written
   */
  write(batch: readonly NamedCandle[], fence: number): Promise<number> {
    return this.upsert(batch, fence, ANY_CHANGE);
  }

  /** Adds candles that are missing, and replaces those that have less volume. */
  fill(batch: readonly NamedCandle[], fence: number): Promise<number> {
    return this.upsert(batch, fence, MORE_VOLUME);
  }

  /** The newest candles of a symbol, oldest first. */
  async latest(symbol: string, interval: CandleInterval, limit: number): Promise<StoredCandle[]> {
    const rows = await this.database.orm
      .select()
      .from(candles)
      .where(
        and(
          eq(candles.feed, this.feed),
          eq(candles.symbol, symbol),
          eq(candles.intervalMs, CANDLE_INTERVAL_MS[interval]),
        ),
      )
      .orderBy(desc(candles.openTime))
      .limit(limit);
    return rows.reverse().map(toCandle);
  }

  /** Candles that a trade of this moment, or a late one, may still change. */
  async unfinishedAt(exchangeTime: number): Promise<NamedCandle[]> {
    const found: NamedCandle[] = [];
    for (const interval of CANDLE_INTERVALS) {
      const intervalMs = CANDLE_INTERVAL_MS[interval];
      const rows = await this.database.orm
        .select()
        .from(candles)
        .where(
          and(
            eq(candles.feed, this.feed),
            eq(candles.intervalMs, intervalMs),
            sql`${candles.openTime} > ${new Date(exchangeTime - intervalMs - LATE_LIMIT_MS).toISOString()}`,
          ),
        );
      found.push(...rows.map((row) => ({ symbol: row.symbol, interval, ...toCandle(row) })));
    }
    return found;
  }

  /** Deletes up to `limit` candles that began before a time. @returns how many there were */
  async deleteBefore(interval: CandleInterval, openTime: number, limit: number): Promise<number> {
    const intervalMs = CANDLE_INTERVAL_MS[interval];
    const { rowCount } = await this.database.orm.execute(sql`
      delete from ${candles} where ctid = any(array(
        select ctid from ${candles}
        where feed = ${this.feed} and interval_ms = ${intervalMs} and open_time < ${new Date(openTime).toISOString()}
        limit ${limit}))`);
    return rowCount ?? 0;
  }

  private async upsert(batch: readonly NamedCandle[], fence: number, allowed: SQL): Promise<number> {
    // One array per column: the statement is the same for any number of rows.
    const column = <T>(read: (candle: NamedCandle) => T) => sql.param(batch.map(read));
    const { rowCount } = await this.database.orm.execute(sql`
      insert into ${candles} (feed, symbol, interval_ms, open_time, open, high, low, close, volume, trades)
      select ${this.feed}, symbol, interval_ms, timestamptz 'epoch' + open_ms * interval '1 millisecond',
        open, high, low, close, volume, trades
      from unnest(
        ${column(({ symbol }) => symbol)}::text[],
        ${column(({ interval }) => CANDLE_INTERVAL_MS[interval])}::integer[],
        ${column(({ openTime }) => openTime)}::double precision[],
        ${column(({ open }) => open)}::double precision[],
        ${column(({ high }) => high)}::double precision[],
        ${column(({ low }) => low)}::double precision[],
        ${column(({ close }) => close)}::double precision[],
        ${column(({ volume }) => volume)}::double precision[],
        ${column(({ trades }) => trades)}::integer[]
      ) as batch (symbol, interval_ms, open_ms, open, high, low, close, volume, trades)
      where ${fence} >= coalesce((select fence from market.feed_leases where feed = ${this.feed}), 0)
      on conflict (feed, symbol, interval_ms, open_time) do update set
        open = excluded.open, high = excluded.high, low = excluded.low, close = excluded.close,
        volume = excluded.volume, trades = excluded.trades
      where ${allowed}`);
    return rowCount ?? 0;
  }
}

function toCandle(row: typeof candles.$inferSelect): StoredCandle {
  const { open, high, low, close, volume, trades } = row;
  return { openTime: row.openTime.getTime(), open, high, low, close, volume, trades };
}
