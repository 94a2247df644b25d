import { type Bar, barCloseTime, exactSum } from '@tickbridge/contracts';

/**
 * Longer bars out of shorter ones, at the same times as candles: the trades of a candle and of its folded bar are the same.
 *
 * A folded bar is finished by the bar of its symbol that ends with it, by a later one, or by a bar of another symbol that
 * opened after its end: bars of symbols that end together may come in any order. The same bars in the same order give the
 * same folded bars. Bars that are not shorter go through as they are. What begins before the end of a finished bar of its
 * symbol, or of what was learned, is left out.
 */
export class BarFolder {
  private readonly open = new Map<string, Bar>();
  /** What begins before it is known already (ms since 1970). */
  private readonly knownUntil = new Map<string, number>();
  /** Earliest end of an open bar (ms since 1970). */
  private nextEnd = Number.POSITIVE_INFINITY;

  /** @param intervalMs length of the folded bars, a multiple of that of the shorter ones */
  constructor(private readonly intervalMs: number) {}

  /** Takes in a bar of the time before, which may come again. @returns what it finished */
  learn(bar: Bar): Bar[] {
    const finished = this.take(bar);
    this.known(bar);
    return finished;
  }

  /** Takes in a bar. @returns what it finished, by time and then by symbol */
  take(bar: Bar): Bar[] {
    if (bar.openTime < (this.knownUntil.get(bar.symbol) ?? Number.NEGATIVE_INFINITY)) return [];
    if (bar.intervalMs >= this.intervalMs) return [bar];

    const finished: Bar[] = [];
    const openTime = Math.floor(bar.openTime / this.intervalMs) * this.intervalMs;
    const end = openTime + this.intervalMs;
    const current = this.open.get(bar.symbol);
    if (current && openTime < current.openTime) return [];
    const continues = current?.openTime === openTime;
    if (current && !continues) finished.push(current);
    const folded = continues ? extended(current, bar) : { ...bar, openTime, intervalMs: this.intervalMs };
    if (barCloseTime(bar) >= end) {
      finished.push(folded);
      this.open.delete(bar.symbol);
    } else {
      this.open.set(bar.symbol, folded);
      this.nextEnd = Math.min(this.nextEnd, end);
    }
    if (bar.openTime > this.nextEnd) finished.push(...this.finishBefore(bar.openTime));
    for (const over of finished) this.known(over);
    return finished.sort((a, b) => a.openTime - b.openTime || (a.symbol < b.symbol ? -1 : 1));
  }

  private known(bar: Bar): void {
    const until = this.knownUntil.get(bar.symbol) ?? Number.NEGATIVE_INFINITY;
    this.knownUntil.set(bar.symbol, Math.max(until, barCloseTime(bar)));
  }

  private finishBefore(time: number): Bar[] {
    const over = [...this.open.values()].filter((bar) => barCloseTime(bar) < time);
    for (const { symbol } of over) this.open.delete(symbol);
    this.nextEnd = Math.min(Number.POSITIVE_INFINITY, ...[...this.open.values()].map(barCloseTime));
    return over;
  }
}

function extended(folded: Bar, { high, low, close, volume, trades, ...bar }: Bar): Bar {
  const { bid, bidQuantity, ask, askQuantity, sequence } = bar;
  return {
    ...folded,
    high: Math.max(folded.high, high),
    low: Math.min(folded.low, low),
    close,
    // Sums of decimals stay decimals, as in candles: vendors give eight places at most.
    volume: exactSum(folded.volume, volume),
    trades: folded.trades + trades,
    bid,
    bidQuantity,
    ask,
    askQuantity,
    sequence,
  };
}
