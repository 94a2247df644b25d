import type { OrderSide } from '@tickbridge/contracts';
import { money, Money } from '../money/money';
import type { SizedMarket } from './paper-match';

/** One side of a quote, and how much of it was taken. */
interface TakenQuote {
  price: number;
  size: number;
  taken: Money;
}

/**
 * What is left of the quotes that the orders of one account meet: a size that one order took is not there for the next.
 *
 * A side is the same quote as long as its price and its size stay. No vendor's quote carries a number or a time that all
 * of them have, and one that is repeated unchanged says that nobody came.
 */
export class QuoteDepth {
  private readonly quotes = new Map<string, TakenQuote>();

  /** The market with what is left of the quoted sizes; `null` stays where the vendor sends none. */
  left(symbol: string, market: SizedMarket): SizedMarket {
    return {
      ...market,
      askQuantity: this.leftOf(symbol, 'BUY', market),
      bidQuantity: this.leftOf(symbol, 'SELL', market),
    };
  }

  /**
   * Takes a fill out of the quote that it met.
   *
   * @param side of the order: a buy takes from the ask, a sale from the bid
   * @param market as the vendor quoted it
   */
  take(symbol: string, side: OrderSide, market: SizedMarket, quantity: number): void {
    const [price, size] = met(side, market);
    if (price === null || size === null) return;
    const before = this.find(symbol, side, price, size)?.taken ?? money(0);
    this.quotes.set(key(symbol, side), { price, size, taken: before.plus(quantity) });
  }

  private leftOf(symbol: string, side: OrderSide, market: SizedMarket): number | null {
    const [price, size] = met(side, market);
    const known = price === null || size === null ? undefined : this.find(symbol, side, price, size);
    if (size === null || !known) return size;
    return Money.max(0, money(size).minus(known.taken)).toNumber();
  }

  private find(symbol: string, side: OrderSide, price: number, size: number): TakenQuote | undefined {
    const known = this.quotes.get(key(symbol, side));
    return known?.price === price && known.size === size ? known : undefined;
  }
}

function met(side: OrderSide, market: SizedMarket): [price: number | null, size: number | null] {
  return side === 'BUY' ? [market.ask, market.askQuantity] : [market.bid, market.bidQuantity];
}

function key(symbol: string, side: OrderSide): string {
  return `${side} ${symbol}`;
}
