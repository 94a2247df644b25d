import type { Instrument, Listing } from './listing';
import type { MarketFactor } from './market-factor';
import { PricePath } from './price-path';
import type { Random } from './random';
import { SimulatedSymbol } from './simulated-symbol';
import { liveliness } from './trading-session';

/** Half of the spread of an average share, fraction of the price. */
const HALF_SPREAD = 0.00008;

/** A share that trades: its path, its quote, its trades. */
export class SimulatedShare {
  readonly symbol: SimulatedSymbol;
  private readonly path: PricePath;
  private marketLevel: number;

  constructor(
    readonly instrument: Instrument,
    private readonly listing: Listing,
    id: string,
    private readonly random: Random,
    private readonly market: MarketFactor,
    time: number,
  ) {
    this.path = new PricePath(random, instrument.referencePrice, time);
    this.marketLevel = market.levelAt(time);
    this.symbol = new SimulatedSymbol(instrument.symbol, id, this.onGrid(this.path.price), time);
  }

  /** Chance to be the next to trade, relative to the other shares. */
  get weight(): number {
    return this.instrument.liquidity * this.path.activity;
  }

  /** Trades once, at the bid or at the ask. @returns the extremes the trade made */
  trade(time: number): string {
    this.moveTo(time);
    this.refreshQuote();
    const { bid, ask } = this.symbol.quote;
    const price = this.random.chance(0.5) ? ask : bid;
    return this.symbol.trade(time, price, this.quantity(liveliness(time)));
  }

  /** Lets the quote follow the price without a trade. */
  requote(time: number): void {
    this.moveTo(time);
    this.refreshQuote();
    this.symbol.lastTime = time;
  }

  /** Books the trades of a stretch of time as one, without quotes: for the hours before the start. */
  catchUp(time: number, trades: number): void {
    this.moveTo(time);
    this.symbol.trade(time, this.onGrid(this.path.price), this.quantity(trades * liveliness(time)));
  }

  openSession(): void {
    this.path.gap();
    this.symbol.openSession(this.onGrid(this.path.price));
  }

  private moveTo(time: number): void {
    const level = this.market.levelAt(time);
    this.path.advanceTo(time, level - this.marketLevel);
    this.marketLevel = level;
  }

  private refreshQuote(): void {
    const { price } = this.path;
    const { tickSize } = this.listing;
    const half = price * HALF_SPREAD * this.random.between(0.6, 1.8);
    const bid = Math.max(tickSize, this.onGrid(price - half));
    const ask = Math.max(this.onGrid(price + half), bid + tickSize);
    this.symbol.quote = {
      bid,
      bidQuantity: this.quantity(6),
      ask: this.onGrid(ask),
      askQuantity: this.quantity(6),
    };
  }

  /** Log-normal around the value of an average trade. */
  private quantity(trades: number): number {
    const { lot, tradeValue } = this.listing;
    const mean = (tradeValue * trades) / this.symbol.lastPrice;
    return Math.max(1, Math.round((mean * Math.exp(0.9 * this.random.normal())) / lot)) * lot;
  }

  /** Price on the exchange's grid, without float noise. */
  private onGrid(price: number): number {
    const { tickSize } = this.listing;
    return Math.round(Math.round(price / tickSize) * tickSize * 100) / 100;
  }
}
