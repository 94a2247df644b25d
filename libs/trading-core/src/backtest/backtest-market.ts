import type { Bar, FeedName, MarketSnapshot } from '@tickbridge/contracts';
import type { SessionCalendar } from '../sessions/session-calendar';
import type { TradingTimes } from '../sessions/trading-times';

interface Seen {
  bar: Bar;
  closeTime: number;
  dayStart: number;
  previousClose: number | null;
}

/** The market as recorded bars tell it: close and closing quote of each symbol's newest bar. */
export class BacktestMarket {
  private readonly newest = new Map<string, Seen>();
  private time = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly source: FeedName,
    private readonly calendar: SessionCalendar,
  ) {}

  /** End of trading in the newest bar of all (ms since 1970): the clock of the run. */
  get now(): number {
    return this.time;
  }

  get symbols(): number {
    return this.newest.size;
  }

  observe(bar: Bar, { open, close }: TradingTimes): void {
    const dayStart = this.calendar.tradingDayStart(open);
    const before = this.newest.get(bar.symbol);
    const sameDay = before?.dayStart === dayStart;
    const previousClose = sameDay ? before.previousClose : (before?.bar.close ?? null);
    this.newest.set(bar.symbol, { bar, closeTime: close, dayStart, previousClose });
    this.time = Math.max(this.time, close);
  }

  snapshot(symbol: string): MarketSnapshot {
    const seen = this.newest.get(symbol);
    if (!seen) return { source: this.source, lastPrice: null, bid: null, ask: null, ageMs: null };
    const { close, bid, ask } = seen.bar;
    const ageMs = Math.max(0, this.time - seen.closeTime);
    return { source: this.source, lastPrice: close, bid, ask, ageMs };
  }

  /** Newest bar of a symbol. */
  newestBar(symbol: string): Bar | undefined {
    return this.newest.get(symbol)?.bar;
  }

  mark(symbol: string): number | undefined {
    return this.newest.get(symbol)?.bar.close;
  }

  /** Close of the day before, when the bars reach back to it. */
  previousClose(symbol: string): number | null {
    return this.newest.get(symbol)?.previousClose ?? null;
  }
}
