/** Figures of the running session of one symbol; prices in rupees, volume in shares. */
export class SessionFigures {
  open: number;
  high: number;
  low: number;
  volume = 0;
  turnover = 0;

  constructor(
    readonly previousClose: number,
    firstPrice: number,
  ) {
    this.open = firstPrice;
    this.high = firstPrice;
    this.low = firstPrice;
  }

  /** @returns which extremes the trade made: `H`, `L`, `HL` or nothing */
  add(price: number, quantity: number): string {
    const high = price > this.high;
    const low = price < this.low;
    this.high = Math.max(this.high, price);
    this.low = Math.min(this.low, price);
    this.volume += quantity;
    this.turnover += price * quantity;
    return `${high ? 'H' : ''}${low ? 'L' : ''}`;
  }

  /** Counts what makes no price. */
  addVolume(quantity: number): void {
    this.volume += quantity;
  }

  /** Volume-weighted average price; zero before the first trade, as the vendor sends it. */
  get averagePrice(): number {
    return this.volume === 0 ? 0 : this.turnover / this.volume;
  }
}
