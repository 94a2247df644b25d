/** One-minute bar; `start` in ms since 1970. */
export interface MinuteBar {
  start: number;
  open: number;
  high: number;
  low: number;
  close: number;
  volume: number;
  trades: number;
}

const MAX_BARS = 400;

/** The newest one-minute bars of one symbol: what the history API answers. */
export class MinuteBars {
  private readonly bars: MinuteBar[] = [];

  add(time: number, price: number, volume: number): void {
    const start = Math.floor(time / 60_000) * 60_000;
    const last = this.bars.at(-1);
    if (last?.start === start) {
      last.high = Math.max(last.high, price);
      last.low = Math.min(last.low, price);
      last.close = price;
      last.volume += volume;
      last.trades += 1;
      return;
    }
    this.bars.push({ start, open: price, high: price, low: price, close: price, volume, trades: 1 });
    if (this.bars.length > MAX_BARS * 1.25) this.bars.splice(0, this.bars.length - MAX_BARS);
  }

  /** Counts a trade that makes no price; a minute without a price has no bar. */
  addVolume(time: number, volume: number): void {
    const last = this.bars.at(-1);
    if (last?.start !== Math.floor(time / 60_000) * 60_000) return;
    last.volume += volume;
    last.trades += 1;
  }

  /** Every bar that is kept, oldest first. */
  get all(): readonly MinuteBar[] {
    return this.bars;
  }

  latest(count: number): readonly MinuteBar[] {
    return this.bars.slice(-count);
  }
}
