import type { OrderSide, Product, Signal } from '@tickbridge/contracts';
import { Money, money } from '../money/money';
import { decide } from '../risk/decide';
import type { RiskContext } from '../risk/risk-context';
import type { BacktestBook } from './backtest-book';
import type { BacktestMarket } from './backtest-market';
import type { BacktestTerms } from './backtest-terms';
import type { OrderHistory } from './order-history';
import type { RestingOrders } from './resting-orders';

/** An order that asks whether it may go. */
export interface AskingOrder {
  id: string;
  signal: Signal;
  side: OrderSide;
  quantity: number;
  product: Product;
  /** When it reaches the market (ms since 1970). */
  entersAt: number;
}

/** The risk check of a run: the platform's rules, asked with what the run knows. */
export class BacktestRisk {
  private peak: Money;
  /** `undefined` when something was held without a price at the end of the day before. */
  private openingEquity: Money | undefined;

  constructor(
    private readonly terms: BacktestTerms,
    private readonly market: BacktestMarket,
    private readonly book: BacktestBook,
    private readonly history: OrderHistory,
    private readonly resting: RestingOrders,
  ) {
    this.peak = money(terms.settings.capital);
    this.openingEquity = this.peak;
  }

  /** A day begins with what the day before left. */
  beginDay(equity: Money | undefined): void {
    this.openingEquity = equity;
  }

  decide(order: AskingOrder): ReturnType<typeof decide> {
    const verdict = decide(this.contextOf(order));
    // The peak rises with the equity that decisions are made on, as in live trading.
    const equity = this.equity();
    if (equity) this.peak = Money.max(this.peak, equity);
    return verdict;
  }

  /** `undefined` while something held has no price. */
  equity(): Money | undefined {
    return this.book.value((symbol) => this.market.mark(symbol)).equity ?? undefined;
  }

  private contextOf({ id, signal, side, quantity, product, entersAt }: AskingOrder): RiskContext {
    const { strategy, symbol } = signal;
    const { accountId, source } = this.terms.settings;
    const { limits, origins } = this.terms.limitsFor(signal);
    const holdings = this.book.holdings();
    const marks = new Map<string, number>();
    for (const held of holdings) {
      const mark = this.market.mark(held.symbol);
      if (mark !== undefined) marks.set(held.symbol, mark);
    }
    const recent = this.history.recentTimes(this.market.now);
    return {
      now: entersAt,
      order: {
        id,
        signalId: signal.id,
        accountId,
        strategy,
        symbol,
        product,
        side,
        type: 'MARKET',
        quantity,
        limitPrice: null,
        byPerson: false,
      },
      account: {
        id: accountId,
        broker: 'paper',
        enabled: true,
        armed: false,
        feed: source,
        currency: this.terms.currency,
        netting: false,
        cash: this.book.cash,
      },
      tradingState: { mode: 'ACTIVE', running: true },
      calendar: this.terms.calendars.of(symbol),
      limits,
      limitOrigins: origins,
      instrument: this.terms.instrumentOf(symbol),
      broker: undefined,
      market: this.market.snapshot(symbol),
      ownMarket: 'same',
      previousClose: this.market.previousClose(symbol),
      holdings,
      marks,
      openOrders: this.resting.open(),
      ordersOfSignal: this.history.ordersOfSignal(signal),
      ordersOfBar: this.history.ordersOfBar(signal, side),
      ordersToday: this.history.ordersToday,
      ordersTodayInSymbol: this.history.ordersTodayIn(symbol),
      ordersOfMinute: recent.length,
      recentOrderTimes: recent,
      openingEquity: this.openingEquity,
      equityPeak: this.peak,
      losingStreak: this.history.losingStreak(strategy),
      lastExitAt: this.book.lastExitAt(strategy, symbol),
    };
  }
}
