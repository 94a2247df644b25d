import { barCloseTime, type Bar, type FeedName, type MarketSnapshot } from '@tickbridge/contracts';
import type { SizedMarket } from '../execution/paper-match';
import type { SessionCalendar } from '../sessions/session-calendar';

interface Seen {
  bar: Bar;
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

  /** Close of the newest bar of all (ms since 1970): the clock of the run. */
  get now(): number {
    return this.time;
  }

  get symbols(): number {
    return this.newest.size;
  }

  observe(bar: Bar): void {
    const dayStart = this.calendar.tradingDayStart(bar.openTime);
    const before = this.newest.get(bar.symbol);
    const sameDay = before?.dayStart === dayStart;
    const previousClose = sameDay ? before.previousClose : (before?.bar.close ?? null);
    this.newest.set(bar.symbol, { bar, dayStart, previousClose });
    this.time = Math.max(this.time, barCloseTime(bar));
  }

  snapshot(symbol: string): MarketSnapshot {
    const seen = this.newest.get(symbol);
    if (!seen) return { source: this.source, lastPrice: null, bid: null, ask: null, ageMs: null };
    const { close, bid, ask } = seen.bar;
    const ageMs = Math.max(0, this.time - barCloseTime(seen.bar));
    return { source: this.source, lastPrice: close, bid, ask, ageMs };
  }

  /** Price, quote and sizes that an order meets. */
  quote(symbol: string): SizedMarket {
    const bar = this.newest.get(symbol)?.bar;
    if (!bar) return { lastPrice: null, bid: null, bidQuantity: null, ask: null, askQuantity: null };
    const { close, bid, bidQuantity, ask, askQuantity } = bar;
    return { lastPrice: close, bid, bidQuantity, ask, askQuantity };
  }

  mark(symbol: string): number | undefined {
    return this.newest.get(symbol)?.bar.close;
  }

  /** Close of the day before, when the bars reach back to it. */
  previousClose(symbol: string): number | null {
    return this.newest.get(symbol)?.previousClose ?? null;
  }
}
