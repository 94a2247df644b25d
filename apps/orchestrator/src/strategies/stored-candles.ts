import { Injectable } from '@nestjs/common';
import { type Bar, CANDLE_INTERVAL_MS, type Timeframe, TIMEFRAMES } from '@tickbridge/contracts';
import { candles, Database } from '@tickbridge/database';
import { and, asc, desc, eq, gte, lt, lte, sql } from 'drizzle-orm';
import { TradingClock } from '../market/trading-clock';
import type { TradingFeed } from '../market/trading-feed';

/** Candles read per symbol. */
const BARS_PER_SYMBOL = 500;
/** Nights and weekends: so many candles may fit between one that trades and the next. */
const TIME_PER_BAR = 8;
/** What ended later still comes from the feed, to be acted on: a bar older than two bar lengths is not (milliseconds). */
const RECENT_MS = 15_000;

const NOBODY_QUOTES = { bid: null, bidQuantity: null, ask: null, askQuantity: null };
const SHORTER_LAST = [...TIMEFRAMES].sort((a, b) => CANDLE_INTERVAL_MS[b] - CANDLE_INTERVAL_MS[a]);

/** What strategies may learn of the time before this process ran. */
@Injectable()
export class StoredCandles {
  constructor(
    private readonly database: Database,
    private readonly clock: TradingClock,
  ) {}

  /**
   * Bars of all symbols up to a few seconds ago, in order of time: those of the timeframe, then shorter ones of the bar that
   * grows now. None of a recorded market, whose candles may be of an earlier run and tell what comes.
   */
  async before(feed: TradingFeed, timeframe: Timeframe): Promise<readonly Bar[]> {
    if (feed.recorded) return [];
    const until = this.clock.now() - RECENT_MS;
    const bars: Bar[] = [];
    let begin = floored(until, timeframe);
    bars.push(...(await this.newest(feed, timeframe, begin)));
    for (const interval of SHORTER_LAST) {
      if (CANDLE_INTERVAL_MS[interval] >= CANDLE_INTERVAL_MS[timeframe]) continue;
      const end = floored(until, interval);
      if (end > begin) bars.push(...(await this.between(feed, interval, begin, end)));
      begin = Math.max(begin, end);
    }
    return bars;
  }

  private async newest({ name }: TradingFeed, interval: Timeframe, end: number): Promise<Bar[]> {
    const intervalMs = CANDLE_INTERVAL_MS[interval];
    const ranked = this.database.orm.$with('ranked').as(
      this.database.orm
        .select({
          ...columns,
          rank: sql<number>`row_number() over (partition by ${candles.symbol} order by ${desc(candles.openTime)})`.as(
            'rank',
          ),
        })
        .from(candles)
        .where(
          and(
            eq(candles.feed, name),
            eq(candles.intervalMs, intervalMs),
            gte(candles.openTime, new Date(end - BARS_PER_SYMBOL * TIME_PER_BAR * intervalMs)),
            lt(candles.openTime, new Date(end)),
          ),
        ),
    );
    const rows = await this.database.orm
      .with(ranked)
      .select()
      .from(ranked)
      .where(lte(ranked.rank, BARS_PER_SYMBOL))
      .orderBy(asc(ranked.openTime), asc(ranked.symbol));
    return rows.map(toBar);
  }

  private async between(
    { name }: TradingFeed,
    interval: Timeframe,
    begin: number,
    end: number,
  ): Promise<Bar[]> {
    const rows = await this.database.orm
      .select(columns)
      .from(candles)
      .where(
        and(
          eq(candles.feed, name),
          eq(candles.intervalMs, CANDLE_INTERVAL_MS[interval]),
          gte(candles.openTime, new Date(begin)),
          lt(candles.openTime, new Date(end)),
        ),
      )
      .orderBy(asc(candles.openTime), asc(candles.symbol));
    return rows.map(toBar);
  }
}

const columns = {
  symbol: candles.symbol,
  intervalMs: candles.intervalMs,
  openTime: candles.openTime,
  open: candles.open,
  high: candles.high,
  low: candles.low,
  close: candles.close,
  volume: candles.volume,
  trades: candles.trades,
};

type Row = Pick<typeof candles.$inferSelect, keyof typeof columns>;

function floored(time: number, interval: Timeframe): number {
  return Math.floor(time / CANDLE_INTERVAL_MS[interval]) * CANDLE_INTERVAL_MS[interval];
}

/** A vendor's history may not count trades; candles hold no quotes. */
function toBar({ openTime, trades, symbol, intervalMs, open, high, low, close, volume }: Row): Bar {
  const prices = { open, high, low, close };
  const at = openTime.getTime();
  return {
    symbol,
    intervalMs,
    openTime: at,
    ...prices,
    volume,
    trades: trades ?? 0,
    ...NOBODY_QUOTES,
    sequence: 0,
  };
}
