import { type Bar, type BacktestData, CANDLE_INTERVAL_MS } from '@tickbridge/contracts';
import { candles, type Database } from '@tickbridge/database';
import { and, asc, eq, gte, inArray, lt, min, sql } from 'drizzle-orm';
import { BacktestFailure } from './backtest-job';

type CandleData = Extract<BacktestData, { kind: 'candles' }>;

/** Bars read at once. */
const PAGE_BARS = 20_000;
/** A run over more would keep its worker for hours. */
export const MAX_BARS = 5_000_000;

/** Recorded candles as bars, in order of their close and then of their symbol, a page at a time. */
export class CandleBars {
  private readonly intervalMs: number;
  private readonly until: number;

  constructor(
    private readonly database: Database,
    private readonly data: CandleData,
  ) {
    this.intervalMs = CANDLE_INTERVAL_MS[data.interval];
    // The candle that still grows is no bar.
    const now = Math.floor(Date.now() / this.intervalMs) * this.intervalMs;
    this.until = Math.min(Date.parse(data.to), now);
  }

  /** @throws BacktestFailure when there are none, or more than one run may have */
  async *pages(): AsyncGenerator<{ bars: Bar[]; percent: number }> {
    const from = Date.parse(this.data.from);
    await this.check(from);
    const pageMs = this.intervalMs * Math.max(1, Math.floor(PAGE_BARS / this.data.symbols.length));
    let sequence = 0;
    for (let at = await this.next(from); at !== undefined;) {
      const end = Math.min(at + pageMs, this.until);
      const rows = await this.read(at, end);
      const bars = rows.map((row) => toBar(row, (sequence += 1)));
      const percent = ((end - from) / Math.max(1, this.until - from)) * 100;
      yield { bars, percent };
      // Nights and weekends are jumped over.
      at = await this.next(end);
    }
  }

  private async check(from: number): Promise<void> {
    const [row] = await this.database.orm
      .select({ count: sql<number>`count(*)::int` })
      .from(candles)
      .where(this.between(from, this.until));
    const count = row?.count ?? 0;
    if (count === 0) {
      const { feed, interval, symbols } = this.data;
      throw new BacktestFailure(
        'NO_BARS',
        `No ${interval} candles of ${feed} are recorded for ${symbols.slice(0, 5).join(', ')} in that time`,
      );
    }
    if (count > MAX_BARS) {
      throw new BacktestFailure(
        'TOO_MANY_BARS',
        `${count} bars are more than the ${MAX_BARS} a run may have`,
      );
    }
  }

  private async next(from: number): Promise<number | undefined> {
    if (from >= this.until) return undefined;
    const [row] = await this.database.orm
      .select({ at: min(candles.openTime) })
      .from(candles)
      .where(this.between(from, this.until));
    return row?.at?.getTime();
  }

  private read(from: number, to: number) {
    return this.database.orm
      .select()
      .from(candles)
      .where(this.between(from, to))
      .orderBy(asc(candles.openTime), asc(candles.symbol));
  }

  private between(from: number, to: number) {
    return and(
      eq(candles.feed, this.data.feed),
      inArray(candles.symbol, this.data.symbols),
      eq(candles.intervalMs, this.intervalMs),
      gte(candles.openTime, new Date(from)),
      lt(candles.openTime, new Date(to)),
    );
  }
}

/** Candles hold no quotes, so fills pay the assumed spread; a vendor's history may not count trades. */
function toBar(row: typeof candles.$inferSelect, sequence: number): Bar {
  const { symbol, intervalMs, open, high, low, close, volume, trades } = row;
  const quote = { bid: null, bidQuantity: null, ask: null, askQuantity: null };
  const openTime = row.openTime.getTime();
  return {
    symbol,
    intervalMs,
    openTime,
    open,
    high,
    low,
    close,
    volume,
    trades: trades ?? 0,
    ...quote,
    sequence,
  };
}
