import type { Instrument } from './instruments';
import type { MarketFactor } from './market-factor';
import { PricePath } from './price-path';
import type { Random } from './random';
import { SimulatedSymbol } from './simulated-symbol';

/** NSE's smallest price step, rupees. */
export const TICK_SIZE = 0.05;

/** Half of the spread of an average share, fraction of the price. */
const HALF_SPREAD = 0.00008;

/** Rupees an average trade is worth. */
const TRADE_VALUE = 60_000;

/** A share that trades: its path, its quote, its trades. */
export class SimulatedShare {
  readonly symbol: SimulatedSymbol;
  private readonly path: PricePath;
  private marketLevel: number;

  constructor(
    readonly instrument: Instrument,
    id: string,
    private readonly random: Random,
    private readonly market: MarketFactor,
    time: number,
  ) {
    this.path = new PricePath(random, instrument.referencePrice, time);
    this.marketLevel = market.levelAt(time);
    this.symbol = new SimulatedSymbol(instrument.symbol, id, onGrid(this.path.price), time);
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
    return this.symbol.trade(time, price, this.quantity(1));
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
    this.symbol.trade(time, onGrid(this.path.price), this.quantity(trades));
  }

  openSession(): void {
    this.path.gap();
    this.symbol.openSession(onGrid(this.path.price));
  }

  private moveTo(time: number): void {
    const level = this.market.levelAt(time);
    this.path.advanceTo(time, level - this.marketLevel);
    this.marketLevel = level;
  }

  private refreshQuote(): void {
    const { price } = this.path;
    const half = price * HALF_SPREAD * this.random.between(0.6, 1.8);
    const bid = Math.max(TICK_SIZE, onGrid(price - half));
    const ask = Math.max(onGrid(price + half), bid + TICK_SIZE);
    this.symbol.quote = {
      bid,
      bidQuantity: this.quantity(6),
      ask: onGrid(ask),
      askQuantity: this.quantity(6),
    };
  }

  /** Log-normal around the value of an average trade. */
  private quantity(trades: number): number {
    const mean = (TRADE_VALUE * trades) / this.symbol.lastPrice;
    return Math.max(1, Math.round(mean * Math.exp(0.9 * this.random.normal())));
  }
}

/** Price on the exchange's grid, without float noise. */
export function onGrid(price: number): number {
  return Math.round(Math.round(price / TICK_SIZE) * TICK_SIZE * 100) / 100;
}
