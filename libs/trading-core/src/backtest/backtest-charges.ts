import type { Instrument, Product } from '@tickbridge/contracts';
import type { ChargeTable, ChargeTerms } from '../charges/charge-table';
import { type Charges, chargesOfFill, filledBy, type TradedPart, unfilled } from '../charges/charges-of';
import type { RestingOrder } from './resting-orders';

/** What the trades of a backtest cost, day by day. */
export class BacktestCharges {
  private date = '';
  private readonly terms = new Map<string, ChargeTerms>();
  /** Symbols whose first sale of the day has carried what is charged once. */
  private readonly carried = new Map<string, RestingOrder>();

  constructor(
    private readonly table: ChargeTable,
    private readonly plan: string,
  ) {}

  /** @param date the day of the market that has begun: `2026-11-20` */
  turnTo(date: string): void {
    if (date === this.date) return;
    this.date = date;
    this.terms.clear();
    this.carried.clear();
  }

  /** @throws ChargesUnknownError when no row covers the day */
  termsOf(instrument: Instrument, product: Product): ChargeTerms {
    const key = `${product} ${instrument.symbol}`;
    let terms = this.terms.get(key);
    if (!terms) {
      terms = this.table.termsOf({ plan: this.plan, instrument, product, date: this.date });
      this.terms.set(key, terms);
    }
    return terms;
  }

  /** Adds a fill to an order. @returns what it costs */
  add(order: RestingOrder, fill: TradedPart, instrument: Instrument): Charges {
    const { symbol } = instrument;
    const first = order.filled.quantity.isZero();
    if (first) {
      const carrier = order.side === 'SELL' ? this.carried.get(symbol) : undefined;
      order.filled = unfilled(order.side, carrier !== undefined);
      if (order.side === 'SELL' && !carrier) this.carried.set(symbol, order);
    }
    const charges = chargesOfFill(order.filled, fill, this.termsOf(instrument, order.product));
    order.filled = filledBy(order.filled, fill);
    return charges;
  }
}
