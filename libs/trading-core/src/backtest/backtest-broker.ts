import type { Bar, OrderSide, Signal } from '@tickbridge/contracts';
import { totalOf } from '../charges/charges-of';
import { isQuoted, PaperVenue } from '../execution/paper-venue';
import { money, moneyText } from '../money/money';
import type { TradingTimes } from '../sessions/trading-times';
import type { BacktestBook } from './backtest-book';
import type { BacktestCharges } from './backtest-charges';
import type { BacktestMarket } from './backtest-market';
import type { BacktestTally } from './backtest-tally';
import type { BacktestTerms } from './backtest-terms';
import type { OrderHistory } from './order-history';
import { type RestingOrder, RestingOrders } from './resting-orders';

/** A bar, with the times of its trading. */
export interface ShownBar {
  bar: Bar;
  times: TradingTimes;
}

/** The paper broker of a run: orders rest, meet bars, and are booked. */
export class BacktestBroker {
  readonly resting = new RestingOrders();
  private readonly venue: PaperVenue;

  constructor(
    private readonly terms: BacktestTerms,
    private readonly market: BacktestMarket,
    private readonly charges: BacktestCharges,
    private readonly book: BacktestBook,
    private readonly history: OrderHistory,
    private readonly tally: BacktestTally,
  ) {
    this.venue = new PaperVenue(terms.fills);
  }

  /** @param meets bar that the order meets at once */
  place(order: RestingOrder, meets: ShownBar | undefined): void {
    this.resting.add(order);
    if (meets) this.match(order, meets);
  }

  /** The bar moves the market for what rests; orders of an ended session go. */
  settle(shown: ShownBar): void {
    const { symbol } = shown.bar;
    // What was left when its session ended does not meet the next one.
    this.expire(this.resting.all(), shown.times.open);
    for (const order of this.resting.in(symbol)) this.match(order, shown);
    // Bars of other symbols that end with this one are still to come.
    this.expire(this.resting.in(symbol), this.market.now);
  }

  /** A stop must not wait for what is left of the entry. */
  cancelEntries({ strategy, symbol }: Signal, side: OrderSide): void {
    for (const order of this.resting.in(symbol)) {
      if (order.signal.strategy === strategy && order.side !== side) this.end(order, 'Canceled');
    }
  }

  private expire(orders: readonly RestingOrder[], until: number): void {
    for (const order of orders) if (order.expiresAt <= until) this.end(order, 'Expired');
  }

  private end(order: RestingOrder, status: 'Expired' | 'Canceled'): void {
    order.record.status = status;
    this.resting.remove(order);
  }

  /** Shows an order a bar; what it does not offer waits for the next. */
  private match(order: RestingOrder, { bar, times }: ShownBar): void {
    const { record, signal, side, remaining, terms, triggered, rests } = order;
    const instrument = this.terms.instrumentOf(signal.symbol);
    if (!instrument) return;
    const met = this.venue.meetBar({ ...terms, side, remaining, triggered, rests }, bar, instrument);
    order.triggered ||= met.triggered;
    order.rests = true;
    const { fill: traded } = met;
    if (!traded) {
      if (met.canceled) this.end(order, 'Canceled');
      return;
    }
    const fill = { ...traded, fee: moneyText(totalOf(this.charges.add(order, traded, instrument))) };
    const { strategy, symbol, stopLoss, target } = signal;
    const atOpen = !isQuoted(side, bar) && terms.limitPrice === null && !met.triggered;
    const at = atOpen ? times.open : this.market.now;
    const day = this.terms.calendars.main.tradingDayStart(at);
    const { realized, tripNet, roundTrip } = this.book.book({
      strategy,
      symbol,
      product: order.product,
      side,
      ...fill,
      stopLoss,
      target,
      at,
      day,
    });
    if (tripNet) this.history.addTrip(strategy, tripNet, at);
    if (roundTrip) this.tally.roundTrip(roundTrip);
    const before = money(record.quantity).minus(remaining);
    const filled = before.plus(fill.quantity);
    const paid = before.times(record.averagePrice ?? 0).plus(money(fill.price).times(fill.quantity));
    record.averagePrice = paid.div(filled).toNumber();
    record.fee = moneyText(money(record.fee ?? 0).plus(fill.fee));
    if (realized) record.realized = moneyText(money(record.realized ?? 0).plus(realized));
    order.remaining = money(remaining).minus(fill.quantity).toNumber();
    record.status = order.remaining === 0 ? 'Filled' : 'PartiallyFilled';
    if (met.canceled) this.end(order, 'Canceled');
    if (order.remaining > 0) return;
    this.tally.orderFilled();
    this.resting.remove(order);
  }
}
