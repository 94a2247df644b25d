import type { BacktestOrder, OrderSide, Product, Signal } from '@tickbridge/contracts';
import type { FilledOrder } from '../charges/charges-of';
import type { WorkingPaperOrder } from '../execution/paper-match';
import type { RiskOpenOrder } from '../risk/risk-context';

/** At which price an order trades, and for how long it waits. */
export type OrderTerms = Pick<WorkingPaperOrder, 'type' | 'limitPrice' | 'triggerPrice' | 'timeInForce'>;

export const MARKET_ORDER: OrderTerms = {
  type: 'MARKET',
  limitPrice: null,
  triggerPrice: null,
  timeInForce: 'DAY',
};

/** An order at the paper broker that is not filled as a whole yet. */
export interface RestingOrder {
  /** As the result will show it; changed while the order lives. */
  readonly record: BacktestOrder;
  readonly signal: Signal;
  readonly side: OrderSide;
  readonly product: Product;
  readonly terms: OrderTerms;
  /** A stop that has woken up. */
  triggered: boolean;
  /** It has met the market before. */
  rests: boolean;
  /** Price its open value is counted at. */
  readonly decisionPrice: number;
  remaining: number;
  /** What of it is filled, as charges are reckoned on it. */
  filled: FilledOrder;
  /** End of the session (ms since 1970). */
  readonly expiresAt: number;
}

/** Orders that wait for more of the market, by symbol, oldest first. */
export class RestingOrders {
  private readonly bySymbol = new Map<string, RestingOrder[]>();

  in(symbol: string): readonly RestingOrder[] {
    return this.bySymbol.get(symbol) ?? [];
  }

  /** True while an order of the strategy works in the symbol: what it makes of the position is not known yet. */
  has(strategy: string, symbol: string): boolean {
    return this.in(symbol).some(({ signal }) => signal.strategy === strategy);
  }

  add(order: RestingOrder): void {
    const { symbol } = order.signal;
    this.bySymbol.set(symbol, [...this.in(symbol), order]);
  }

  remove(order: RestingOrder): void {
    const { symbol } = order.signal;
    const left = this.in(symbol).filter((one) => one !== order);
    if (left.length > 0) this.bySymbol.set(symbol, left);
    else this.bySymbol.delete(symbol);
  }

  all(): RestingOrder[] {
    return [...this.bySymbol.values()].flat();
  }

  /** As the risk rules see them. */
  open(): RiskOpenOrder[] {
    return this.all().map(({ record, signal, side, remaining, decisionPrice }) => ({
      id: record.id,
      strategy: signal.strategy,
      symbol: signal.symbol,
      side,
      limitPrice: null,
      remainingQuantity: remaining,
      price: decisionPrice,
    }));
  }
}
