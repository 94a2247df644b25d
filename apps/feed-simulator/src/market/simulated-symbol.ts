import { MinuteBars } from './minute-bars';
import { RecentTrades } from './recent-trades';
import { SessionFigures } from './session-figures';

/** Quote in rupees and shares; zeros mean that nobody quotes, as the vendor writes it. */
export interface SimulatedQuote {
  bid: number;
  bidQuantity: number;
  ask: number;
  askQuantity: number;
}

/** A trade or changed quote that the exchange reports. */
export interface MarketEvent {
  kind: 'trade' | 'quote';
  symbol: SimulatedSymbol;
  /** ms since 1970. */
  time: number;
  /** Extremes the trade made: `O`, `H`, `L` or a mixture. */
  special: string;
}

export const NO_QUOTE: SimulatedQuote = { bid: 0, bidQuantity: 0, ask: 0, askQuantity: 0 };

/** What the exchange knows of one symbol. */
export class SimulatedSymbol {
  session: SessionFigures;
  quote: SimulatedQuote = NO_QUOTE;
  lastPrice: number;
  lastQuantity = 0;
  /** Number of the last trade; rises by one, through sessions. */
  sequence = 0;
  lastTime: number;
  readonly minutes = new MinuteBars();
  readonly trades = new RecentTrades();

  constructor(
    readonly name: string,
    /** The vendor's number for it. */
    readonly id: string,
    firstPrice: number,
    time: number,
  ) {
    this.lastPrice = firstPrice;
    this.lastTime = time;
    this.session = new SessionFigures(firstPrice, firstPrice);
  }

  /** Books a trade. @returns the extremes it made */
  trade(time: number, price: number, quantity: number): string {
    this.lastTime = time;
    this.lastPrice = price;
    this.lastQuantity = quantity;
    this.sequence += 1;
    this.minutes.add(time, price, quantity);
    this.trades.add(time, price, quantity);
    return this.session.add(price, quantity);
  }

  /** Books a trade that makes no price. */
  tradeWithoutPrice(time: number, quantity: number): void {
    this.sequence += 1;
    this.minutes.addVolume(time, quantity);
    this.session.addVolume(quantity);
  }

  /** Begins a session: the last price becomes the previous close. */
  openSession(firstPrice: number): void {
    this.session = new SessionFigures(this.lastPrice, firstPrice);
  }
}
