/** A trade as the history answers it; time in ms since 1970. */
export interface RecentTrade {
  time: number;
  price: number;
  quantity: number;
}

/** Trades kept per symbol: minutes of the most liquid one, hours of the others. */
const MAX_TRADES = 4_096;
const WIDTH = 3;
const FIRST_ROWS = 64;

/** The newest trades of one symbol, as numbers side by side: a few hundred symbols keep hundreds of thousands. */
export class RecentTrades {
  private rows = new Float64Array(FIRST_ROWS * WIDTH);
  private count = 0;

  add(time: number, price: number, quantity: number): void {
    if (this.count * WIDTH === this.rows.length && this.count < MAX_TRADES) this.grow();
    this.rows.set([time, price, quantity], (this.count % MAX_TRADES) * WIDTH);
    this.count += 1;
  }

  /** Trades of whole seconds, both included, oldest first (ms since 1970). */
  between(from: number, to: number): RecentTrade[] {
    const first = Math.floor(from / 1_000) * 1_000;
    const last = Math.floor(to / 1_000) * 1_000 + 999;
    return this.latest(MAX_TRADES).filter(({ time }) => time >= first && time <= last);
  }

  /** The newest `limit` trades, oldest first. */
  latest(limit: number): RecentTrade[] {
    const kept = Math.min(this.count, MAX_TRADES, limit);
    return Array.from({ length: kept }, (_, index) => {
      const row = ((this.count - kept + index) % MAX_TRADES) * WIDTH;
      const [time = 0, price = 0, quantity = 0] = this.rows.subarray(row, row + WIDTH);
      return { time, price, quantity };
    });
  }

  private grow(): void {
    const larger = new Float64Array(Math.min(MAX_TRADES, (this.rows.length / WIDTH) * 4) * WIDTH);
    larger.set(this.rows);
    this.rows = larger;
  }
}
