import { type Bar, exactSum, type Tick } from '@tickbridge/contracts';

/** Length of the bars strategies run on: the one place that says so. */
export const PLATFORM_BAR_MS = 5_000;

/**
 * How long after its end a bar waits for trades that are still on their way. TrueData stamps whole
 * seconds, so a trade of the last second may arrive a second after the boundary.
 */
export const BAR_GRACE_MS = 1_000;

export type ClosedBar = Omit<Bar, 'sequence'>;

/**
 * Closed bars from every trade, by the exchange's time.
 *
 * A bar closes when its symbol trades in a later bar, or when the feed's exchange clock (the newest
 * event time of any symbol) has passed its end by `BAR_GRACE_MS`. A trade that arrives for a bar that is
 * closed already is late: it is counted and changes nothing, because strategies have acted on the bar.
 * Intervals without a trade have no bar. The same trades in the same order give the same bars.
 */
export class BarBuilder {
  private readonly open = new Map<string, ClosedBar>();
  private readonly closedUntil = new Map<string, number>();
  private clock = Number.NEGATIVE_INFINITY;
  private nextDue = Number.POSITIVE_INFINITY;
  private late = 0;

  constructor(
    private readonly emit: (bar: ClosedBar) => void,
    private readonly intervalMs: number = PLATFORM_BAR_MS,
  ) {}

  /** Takes a trade; `tick` is the symbol's state with that trade and its quote in it. */
  addTrade(tick: Tick): void {
    const openTime = Math.floor(tick.eventTime / this.intervalMs) * this.intervalMs;
    const current = this.open.get(tick.symbol);
    if (openTime < (this.closedUntil.get(tick.symbol) ?? 0) || (current && openTime < current.openTime)) {
      this.late += 1;
    } else if (current?.openTime === openTime) {
      extend(current, tick);
    } else {
      if (current) this.close(current);
      this.open.set(tick.symbol, begin(tick, openTime, this.intervalMs));
      this.nextDue = Math.min(this.nextDue, openTime + this.intervalMs + BAR_GRACE_MS);
    }
    this.advanceTo(tick.eventTime);
  }

  /**
   * Keeps the closing quote of the open bar current.
   *
   * @param exchangeTime when the exchange quoted it (ms since 1970)
   */
  addQuote(tick: Tick, exchangeTime = tick.eventTime): void {
    const bar = this.open.get(tick.symbol);
    if (bar === undefined || exchangeTime >= bar.openTime + this.intervalMs) return;
    takeQuote(bar, tick);
  }

  /** Moves the exchange clock forward and closes what has ended (ms since 1970; never moves back). */
  advanceTo(exchangeTime: number): void {
    if (exchangeTime <= this.clock) return;
    this.clock = exchangeTime;
    if (this.clock < this.nextDue) return;
    for (const bar of this.openBarsInOrder()) {
      if (bar.openTime + this.intervalMs + BAR_GRACE_MS <= this.clock) this.close(bar);
    }
    this.nextDue = Number.POSITIVE_INFINITY;
    for (const bar of this.open.values()) {
      this.nextDue = Math.min(this.nextDue, bar.openTime + this.intervalMs + BAR_GRACE_MS);
    }
  }

  /** Closes every open bar: the feed has ended. */
  flush(): void {
    for (const bar of this.openBarsInOrder()) this.close(bar);
    this.nextDue = Number.POSITIVE_INFINITY;
  }

  /** Newest event time seen; `null` before the first trade. */
  get exchangeTime(): number | null {
    return Number.isFinite(this.clock) ? this.clock : null;
  }

  /** Trades that came after their bar had closed. */
  get lateTrades(): number {
    return this.late;
  }

  private close(bar: ClosedBar): void {
    this.open.delete(bar.symbol);
    this.closedUntil.set(bar.symbol, bar.openTime + this.intervalMs);
    this.emit(bar);
  }

  /** Several bars that close at once go out by time, then by symbol: the order is part of the result. */
  private openBarsInOrder(): ClosedBar[] {
    return [...this.open.values()].sort((a, b) => a.openTime - b.openTime || (a.symbol < b.symbol ? -1 : 1));
  }
}

function begin(tick: Tick, openTime: number, intervalMs: number): ClosedBar {
  const price = tick.lastPrice;
  return {
    symbol: tick.symbol,
    intervalMs,
    openTime,
    open: price,
    high: price,
    low: price,
    close: price,
    volume: tick.lastQuantity ?? 0,
    trades: 1,
    bid: tick.bid,
    bidQuantity: tick.bidQuantity,
    ask: tick.ask,
    askQuantity: tick.askQuantity,
  };
}

function extend(bar: ClosedBar, tick: Tick): void {
  bar.high = Math.max(bar.high, tick.lastPrice);
  bar.low = Math.min(bar.low, tick.lastPrice);
  bar.close = tick.lastPrice;
  bar.volume = exactSum(bar.volume, tick.lastQuantity ?? 0);
  bar.trades += 1;
  takeQuote(bar, tick);
}

function takeQuote(bar: ClosedBar, tick: Tick): void {
  bar.bid = tick.bid;
  bar.bidQuantity = tick.bidQuantity;
  bar.ask = tick.ask;
  bar.askQuantity = tick.askQuantity;
}
