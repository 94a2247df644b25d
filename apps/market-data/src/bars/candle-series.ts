import { CANDLE_INTERVAL_MS, type CandleInterval } from '@tickbridge/contracts';

/** Candle in memory; `openTime` in ms since 1970. */
export interface StoredCandle {
  openTime: number;
  open: number;
  high: number;
  low: number;
  close: number;
  volume: number;
  /** `null` when a vendor's history does not say. */
  trades: number | null;
}

/** The newest `capacity` candles of one symbol and interval, the unfinished one included. */
export class CandleSeries {
  private readonly candles: StoredCandle[] = [];
  private readonly intervalMs: number;

  constructor(
    interval: CandleInterval,
    private readonly capacity: number,
  ) {
    this.intervalMs = CANDLE_INTERVAL_MS[interval];
  }

  addTrade(eventTime: number, price: number, quantity: number): void {
    const openTime = this.openTimeOf(eventTime);
    const last = this.candles[this.candles.length - 1];
    if (last === undefined || openTime > last.openTime) {
      this.append({
        openTime,
        open: price,
        high: price,
        low: price,
        close: price,
        volume: quantity,
        trades: 1,
      });
      return;
    }
    // A trade older than the newest candle belongs to a finished one: rare, and worth the look-up.
    const candle = openTime === last.openTime ? last : this.find(openTime);
    if (candle === undefined) return;
    candle.high = Math.max(candle.high, price);
    candle.low = Math.min(candle.low, price);
    if (candle === last) candle.close = price;
    candle.volume += quantity;
    if (candle.trades !== null) candle.trades += 1;
  }

  /** Puts a vendor's history before what was built from trades; a candle built here wins. */
  prepend(history: readonly StoredCandle[]): void {
    const first = this.candles[0]?.openTime ?? Number.POSITIVE_INFINITY;
    const older = history.filter((candle) => candle.openTime < first);
    this.candles.unshift(...older);
    this.trim();
  }

  /** The newest `limit` candles, oldest first. */
  latest(limit: number): readonly StoredCandle[] {
    return this.candles.slice(-limit);
  }

  private openTimeOf(eventTime: number): number {
    return Math.floor(eventTime / this.intervalMs) * this.intervalMs;
  }

  private find(openTime: number): StoredCandle | undefined {
    return this.candles.findLast((candle) => candle.openTime === openTime);
  }

  private append(candle: StoredCandle): void {
    this.candles.push(candle);
    // Trimmed in steps: shifting an array by one at every candle would cost more than it saves.
    if (this.candles.length > this.capacity * 1.25) this.trim();
  }

  private trim(): void {
    if (this.candles.length > this.capacity) this.candles.splice(0, this.candles.length - this.capacity);
  }
}
