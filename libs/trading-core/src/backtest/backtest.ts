import {
  type BacktestOrder,
  type BacktestResult,
  type Bar,
  barCloseTime,
  type OrderSide,
  type Product,
  type Signal,
  toIso,
} from '@tickbridge/contracts';
import { unfilled } from '../charges/charges-of';
import { ChargeTable, DEFAULT_CHARGE_PLAN } from '../charges/charge-table';
import { planOrder } from '../engine/plan-order';
import { type EngineContext, exitsOfBar } from '../engine/signal-engine';
import { entryRefusal } from '../exits/entry-gate';
import type { ExitDraft, GuardedPosition } from '../exits/position-guard';
import { Trails } from '../exits/trails';
import { isQuoted } from '../execution/paper-venue';
import { orderId } from '../ids/trading-ids';
import { type Money, money } from '../money/money';
import { isDaily, tradingTimes } from '../sessions/trading-times';
import { entryQuantity } from '../sizing/entry-size';
import { type CostedEntry, edgeShortfall } from '../sizing/least-edge';
import { BacktestBook } from './backtest-book';
import { BacktestBroker, type ShownBar } from './backtest-broker';
import { BacktestCharges } from './backtest-charges';
import { BacktestMarket } from './backtest-market';
import { BacktestRisk } from './backtest-risk';
import type { BacktestSettings } from './backtest.settings';
import { BacktestTally } from './backtest-tally';
import { BacktestTerms } from './backtest-terms';
import { EquityCurve } from './equity-curve';
import { exitTerms } from './exit-terms';
import { OrderHistory } from './order-history';
import { MARKET_ORDER, type OrderTerms } from './resting-orders';

/** An order before the risk check. */
interface Draft {
  signal: Signal;
  side: OrderSide;
  quantity: number;
  /** Price its open value is counted at. */
  decisionPrice: number;
  terms: OrderTerms;
  /** When it reaches the market (ms since 1970): the risk rules are asked for that time. */
  entersAt: number;
  /** Bar that it meets at once; without one it waits for the next. */
  meets: ShownBar | undefined;
}

/**
 * Plays bars through the strategies, sizing, risk rules, fills and fees of the platform.
 *
 * The walk of a bar is the orchestrator's: first what rests, then exits, then entries, no entry of a strategy that leaves
 * on the same bar, one order per signal, decided on that bar's close and filled as far as its closing quote offers. In bars
 * that nobody quoted an order meets the bar after the one it was decided on, and stops and targets are left at their level.
 * Without I/O and clock: the same bars in the same order give the same result, order ids included. A replay of the same
 * quoted bars gives the same orders; what is left of one meets quotes there that no bar closes with.
 */
export class BacktestRun {
  private readonly terms: BacktestTerms;
  private readonly market: BacktestMarket;
  private readonly book: BacktestBook;
  private readonly history = new OrderHistory();
  private readonly tally = new BacktestTally();
  private readonly curve: EquityCurve;
  private readonly trails = new Trails();
  private readonly charges: BacktestCharges;
  private readonly broker: BacktestBroker;
  private readonly risk: BacktestRisk;
  /** Equity after the last bar. */
  private measured: Money | undefined;

  /**
   * @throws UnknownStrategyError for a strategy that is not in the catalogue
   * @throws UnknownChargePlanError for a plan that no broker has
   * @throws ZodError naming every parameter that is unknown or out of range
   */
  constructor(private readonly settings: BacktestSettings) {
    this.terms = new BacktestTerms(settings);
    this.market = new BacktestMarket(settings.source, this.terms.calendars.main);
    this.book = new BacktestBook(settings.accountId, settings.capital);
    this.measured = money(settings.capital);
    this.curve = new EquityCurve(this.measured);
    const { table = new ChargeTable(), plan = DEFAULT_CHARGE_PLAN[this.terms.currency] } =
      settings.charges ?? {};
    table.assertPlan(plan);
    this.charges = new BacktestCharges(table, plan);
    this.broker = new BacktestBroker(
      this.terms,
      this.market,
      this.charges,
      this.book,
      this.history,
      this.tally,
    );
    this.risk = new BacktestRisk(this.terms, this.market, this.book, this.history, this.broker.resting);
  }

  /**
   * Takes in one closed bar; bars of one symbol in order of time.
   *
   * @throws ChargesUnknownError for a trade that no row of the table covers
   * @throws TimeframeTooShortError when a strategy is to see bars that are shorter
   */
  take(bar: Bar): void {
    this.terms.assertNotLonger(bar);
    const { main } = this.terms.calendars;
    const calendar = this.terms.calendars.of(bar.symbol);
    const times = tradingTimes(bar, calendar);
    this.market.observe(bar, times);
    const { now } = this.market;
    if (this.history.turnTo(main.tradingDayStart(now))) this.risk.beginDay(this.measured);
    this.charges.turnTo(main.tradingDay(now).date);
    this.tally.bar(bar);
    const quoted = bar.bid !== null || bar.ask !== null;
    const range = { high: bar.high, low: bar.low, openTime: times.open };
    // At a closing quote positions change after the bar's prices, at the open of a bar before them.
    if (quoted) this.book.observe(bar.symbol, range);
    this.broker.settle({ bar, times });
    if (!quoted) this.book.observe(bar.symbol, range);
    const context: EngineContext = { source: this.settings.source, calendar, now };
    const exits = exitsOfBar(bar, this.guard(bar, times.open), context);
    const entries = [...this.terms.strategies].flatMap(([id, strategy]) =>
      strategy.onBar(bar, context, this.terms.exitsOf(id)),
    );
    const leaving = new Set(exits.map(({ signal }) => signal.strategy));
    for (const { signal, exit } of exits) this.act(signal, { bar, times }, exit);
    for (const signal of entries) {
      const leaves = signal.symbol === bar.symbol && leaving.has(signal.strategy);
      if (!leaves) this.act(signal, this.newest(signal.symbol) ?? { bar, times });
    }
    this.measured = this.risk.equity();
    if (this.measured) this.curve.add(barCloseTime(bar), this.measured);
  }

  /** What became of it all. The run may go on afterwards. */
  finish(): BacktestResult {
    const value = this.book.value((symbol) => this.market.mark(symbol));
    const { capital, realized, fees } = this.book;
    return {
      statistics: this.tally.statistics({
        currency: this.terms.currency,
        capital: money(capital),
        equity: value.equity,
        realized,
        fees,
        maxDrawdownPercent: this.curve.maxDrawdownPercent,
        symbols: this.market.symbols,
        openPositions: value.openPositions,
      }),
      fills: { ...this.terms.fills },
      ...this.tally.orders(),
      equity: this.curve.toPoints(),
    };
  }

  /** Open positions of the bar's symbol with the levels made by the bars before it. */
  private guard(bar: Bar, at: number): GuardedPosition[] {
    const calendar = this.terms.calendars.of(bar.symbol);
    return this.book.open(bar.symbol).map((position) => {
      const range = this.terms.strategies.get(position.strategy)?.rangeOf(bar.symbol) ?? null;
      const exits = this.terms.exitsOf(position.strategy);
      const guarded = this.trails.guard(position, exits, range, at, calendar);
      this.trails.follow(position, bar, range);
      return guarded;
    });
  }

  /** The newest bar of a symbol: a bar of another one may have finished a longer bar of it. */
  private newest(symbol: string): ShownBar | undefined {
    const bar = this.market.newestBar(symbol);
    return bar && { bar, times: tradingTimes(bar, this.terms.calendars.of(symbol)) };
  }

  /** @param exit what ends the position; its level counts where nobody quotes */
  private act(signal: Signal, shown: ShownBar, exit?: ExitDraft): void {
    this.tally.signal();
    const { bar } = shown;
    const { strategy, symbol } = signal;
    const plan = planOrder(signal, this.book.quantity(strategy, symbol));
    if (plan.kind === 'none') return this.tally.withoutOrder(plan.reason);
    if (plan.kind === 'open') {
      const refusal = entryRefusal(
        this.terms.exitsOf(strategy),
        this.book.life(strategy, symbol),
        this.market.now,
        this.terms.calendars.of(symbol),
        this.productOf(signal, bar),
        this.terms.isDaily(strategy, bar),
      );
      if (refusal) return this.tally.withoutOrder(refusal);
    }
    const atLevel = exit !== undefined && exit.level !== null && !isQuoted(plan.side, bar);
    if (atLevel) this.broker.cancelEntries(signal, plan.side);
    if (this.broker.resting.has(strategy, symbol)) return this.tally.withoutOrder('order-working');
    const price = this.priceOf(symbol, plan.side);
    const quantity = plan.kind === 'close' ? plan.quantity : this.size(signal, bar, price);
    if (quantity === undefined) return this.tally.withoutOrder('no-price');
    if (quantity === 0) return this.tally.withoutOrder('size-zero');
    if (plan.kind === 'open' && this.fallsShort(signal, bar, { quantity, price: price ?? signal.price })) {
      return this.tally.withoutOrder('edge-below-cost');
    }
    const { side } = plan;
    const { open } = shown.times;
    const draft = { signal, side, quantity, decisionPrice: price ?? signal.price, terms: MARKET_ORDER };
    const product = this.productOf(signal, bar);
    // What rested at the broker was entered before the bar opened.
    if (exit && atLevel) {
      const { priceSteps = null } = this.terms.instrumentOf(symbol) ?? {};
      const terms = exitTerms(exit, side, { priceSteps });
      this.order({ ...draft, terms, entersAt: open, meets: shown }, product);
    } else if (exit && this.endsSession(bar) && !isQuoted(side, bar)) {
      this.order({ ...draft, entersAt: open, meets: this.atClose(bar) }, product);
    } else {
      const meets = isQuoted(side, bar) ? shown : undefined;
      this.order({ ...draft, entersAt: this.nextEntry(bar), meets }, product);
    }
  }

  /** Whether the market closes with a bar that is shorter than a day. */
  private endsSession(bar: Bar): boolean {
    return !isDaily(bar) && this.terms.calendars.of(bar.symbol).sessionAt(this.market.now) === undefined;
  }

  /** The only price of a bar that is known to be later than the square-off time in it. */
  private atClose(bar: Bar): ShownBar {
    const { now } = this.market;
    return { bar: { ...bar, open: bar.close }, times: { open: now, close: now } };
  }

  /** When an order that is decided now reaches the market: after a daily bar with the next session. */
  private nextEntry(bar: Bar): number {
    const { now } = this.market;
    const calendar = this.terms.calendars.of(bar.symbol);
    if (!isDaily(bar) || calendar.sessionAt(now)) return now;
    return calendar.nextOpening(now) ?? now;
  }

  /** Price an order of this side would meet. */
  private priceOf(symbol: string, side: OrderSide): number | undefined {
    const { lastPrice, bid, ask } = this.market.snapshot(symbol);
    return (side === 'BUY' ? ask : bid) ?? lastPrice ?? undefined;
  }

  /** What the strategy holds of the symbol, or would. */
  private productOf(signal: Signal, bar: Bar): Product {
    return this.book.product(signal.strategy, signal.symbol) ?? this.terms.productOf(signal, bar);
  }

  private size(signal: Signal, bar: Bar, price: number | undefined): number | undefined {
    const { equity, grossExposure } = this.book.value((symbol) => this.market.mark(symbol));
    if (price === undefined || !equity || !grossExposure) return undefined;
    const instrument = this.terms.instrumentOf(signal.symbol);
    if (!instrument) return 0;
    return entryQuantity({
      equity,
      grossExposure,
      limits: this.terms.limitsFor(signal).limits,
      entryPrice: price,
      stopPrice: signal.stopLoss,
      instrument,
      charges: this.charges.termsOf(instrument, this.productOf(signal, bar)),
    });
  }

  private fallsShort(signal: Signal, bar: Bar, entry: Pick<CostedEntry, 'quantity' | 'price'>): boolean {
    const instrument = this.terms.instrumentOf(signal.symbol);
    if (!instrument) return false;
    const { bid, ask } = this.market.snapshot(signal.symbol);
    const charges = this.charges.termsOf(instrument, this.productOf(signal, bar));
    const leastEdge = this.terms.leastEdgeOf(signal.strategy);
    const costed = { ...entry, bid, ask, charges, assumed: this.terms.fills };
    return edgeShortfall(signal, leastEdge, costed) !== undefined;
  }

  private order(draft: Draft, product: Product): void {
    const { signal, side, quantity, decisionPrice, terms, entersAt, meets } = draft;
    const { strategy, symbol } = signal;
    const id = orderId(signal.id, this.settings.accountId);
    const { now } = this.market;
    const verdict = this.risk.decide({ id, signal, side, quantity, product, entersAt });
    const { approved, code, message } = verdict;
    const record: BacktestOrder = {
      id,
      signalId: signal.id,
      symbol,
      strategy,
      side,
      quantity,
      status: approved ? 'Accepted' : 'Denied',
      averagePrice: null,
      fee: null,
      realized: null,
      rejection: approved ? null : { code, message },
      createdAt: toIso(now),
    };
    this.history.addOrder(id, signal, side, record.status, now);
    this.tally.order(record);
    if (!approved) return;
    const calendar = this.terms.calendars.of(symbol);
    this.broker.place(
      {
        record,
        signal,
        side,
        product,
        decisionPrice,
        remaining: quantity,
        expiresAt: calendar.sessionAt(entersAt)?.closeTime ?? calendar.tradingDayEnd(entersAt),
        filled: unfilled(side),
        terms,
        triggered: false,
        // A target is in the book before the bar that reaches it.
        rests: terms.type === 'LIMIT',
      },
      meets,
    );
  }
}

/** The whole of a backtest at once. */
export function runBacktest(settings: BacktestSettings, bars: Iterable<Bar>): BacktestResult {
  const run = new BacktestRun(settings);
  for (const bar of bars) run.take(bar);
  return run.finish();
}
