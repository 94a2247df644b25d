import {
  type BacktestOrder,
  type BacktestResult,
  type Bar,
  barCloseTime,
  DEFAULT_EXITS,
  type ExitSettings,
  type FeedName,
  type FillAssumptions,
  type Instrument,
  type OrderSide,
  type Product,
  type RiskLimits,
  CANDLE_INTERVAL_MS,
  type Signal,
  type Timeframe,
  toIso,
} from '@tickbridge/contracts';
import { totalOf, unfilled } from '../charges/charges-of';
import { ChargeTable, DEFAULT_CHARGE_PLAN } from '../charges/charge-table';
import { planOrder } from '../engine/plan-order';
import { type EngineContext, exitsOfBar } from '../engine/signal-engine';
import { TimeframedStrategy } from '../engine/timeframed-strategy';
import { entryRefusal } from '../exits/entry-gate';
import type { ExitDraft, GuardedPosition } from '../exits/position-guard';
import { Trails } from '../exits/trails';
import { DEFAULT_PAPER_MODEL } from '../execution/paper-fill';
import { isQuoted, PaperVenue } from '../execution/paper-venue';
import { orderId } from '../ids/trading-ids';
import { type Currency, currencyOf } from '../instruments/feed-currency';
import { defaultProduct, overnightProduct } from '../instruments/products';
import { knownInstrument } from '../instruments/known-instruments';
import { Money, money, moneyText } from '../money/money';
import { decide } from '../risk/decide';
import { DEFAULT_LIMITS } from '../risk/default-limits';
import { limitsInForce, type ScopedLimits } from '../risk/effective-limits';
import type { RiskContext } from '../risk/risk-context';
import { Calendars } from '../sessions/calendars';
import { MarketCalendars } from '../sessions/market-calendars';
import { isDaily, type TradingTimes, tradingTimes } from '../sessions/trading-times';
import { entryQuantity } from '../sizing/entry-size';
import { type CostedEntry, DEFAULT_LEAST_EDGE, edgeShortfall } from '../sizing/least-edge';
import { STRATEGIES } from '../strategies/catalogue';
import { BacktestBook } from './backtest-book';
import { BacktestCharges } from './backtest-charges';
import { BacktestMarket } from './backtest-market';
import { BacktestTally } from './backtest-tally';
import { TimeframeTooShortError, UnknownStrategyError } from './backtest.errors';
import { EquityCurve } from './equity-curve';
import { exitTerms } from './exit-terms';
import { OrderHistory } from './order-history';
import { MARKET_ORDER, type OrderTerms, type RestingOrder, RestingOrders } from './resting-orders';

/** Capital a paper account starts with when nobody says otherwise. */
export const PAPER_CAPITAL: Readonly<Record<Currency, number>> = {
  INR: 1_000_000,
  USDT: 100_000,
  USD: 100_000,
};

export interface BacktestSettings {
  /** Feed the bars come from: it decides ids, calendar and instruments. */
  source: FeedName;
  /** Calendars with what people changed; the built-in ones by default. */
  calendars?: Calendars;
  /** Strategies in the order in which they see a bar, with changes against their defaults. */
  strategies: readonly {
    id: string;
    parameters: Readonly<Record<string, number>>;
    /** Length of its bars; absent: its default, or that of the data where it is longer. */
    timeframe?: Timeframe | undefined;
    /** Least expected move of its entries, as a multiple of the costs of their round trip; absent: the default. */
    leastEdge?: number | undefined;
    /** How its positions end; the default is the signal's own levels. */
    exits?: ExitSettings | undefined;
    /** What its positions are held as; absent: what each instrument offers first. */
    product?: Product | undefined;
  }[];
  accountId: string;
  capital: number;
  /** Limits as people would have set them. */
  limits?: readonly ScopedLimits[];
  fills?: FillAssumptions;
  /** What trades cost; without it the plan of accounts that name none, from the table of the platform. */
  charges?: { readonly table: ChargeTable; readonly plan: string };
  /** By symbol; without one, what comes with the platform. */
  instruments?: ReadonlyMap<string, Instrument>;
}

/** The bar in hand, with the times of its trading. */
interface ShownBar {
  bar: Bar;
  times: TradingTimes;
}

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
 * Without I/O and clock: the same bars in the same order give the same result, order ids included, and those of a replay of
 * the same quoted bars.
 */
export class BacktestRun {
  private readonly currency: Currency;
  private readonly calendars: MarketCalendars;
  private readonly market: BacktestMarket;
  private readonly book: BacktestBook;
  private readonly history = new OrderHistory();
  private readonly resting = new RestingOrders();
  private readonly tally = new BacktestTally();
  private readonly curve: EquityCurve;
  private readonly trails = new Trails();
  private readonly charges: BacktestCharges;
  private readonly venue: PaperVenue;
  private readonly strategies: ReadonlyMap<string, TimeframedStrategy>;
  private readonly exits: ReadonlyMap<string, ExitSettings>;
  private readonly products: ReadonlyMap<string, Product | undefined>;
  private readonly leastEdges: ReadonlyMap<string, number | undefined>;
  private readonly defaults: RiskLimits;
  private peak: Money;
  /** `undefined` when something was held without a price at the end of the day before. */
  private openingEquity: Money | undefined;
  /** Equity after the last bar. */
  private measured: Money | undefined;

  /**
   * @throws UnknownStrategyError for a strategy that is not in the catalogue
   * @throws UnknownChargePlanError for a plan that no broker has
   * @throws ZodError naming every parameter that is unknown or out of range
   */
  constructor(private readonly settings: BacktestSettings) {
    this.currency = currencyOf(settings.source);
    this.calendars = new MarketCalendars(
      settings.calendars ?? new Calendars(),
      settings.source,
      (symbol) => this.instrumentOf(symbol)?.calendar,
    );
    this.market = new BacktestMarket(settings.source, this.calendars.main);
    this.book = new BacktestBook(settings.accountId, settings.capital);
    this.peak = money(settings.capital);
    this.openingEquity = this.peak;
    this.measured = this.peak;
    this.curve = new EquityCurve(this.peak);
    this.defaults = DEFAULT_LIMITS[this.currency];
    const { table = new ChargeTable(), plan = DEFAULT_CHARGE_PLAN[this.currency] } = settings.charges ?? {};
    table.assertPlan(plan);
    this.charges = new BacktestCharges(table, plan);
    this.venue = new PaperVenue(settings.fills ?? DEFAULT_PAPER_MODEL);
    const calendarOf = (symbol: string) => this.calendars.of(symbol);
    this.strategies = new Map(
      settings.strategies.map(({ id, parameters, timeframe }) => {
        const entry = STRATEGIES.find((one) => one.id === id);
        if (!entry) throw new UnknownStrategyError(id);
        const strategy = entry.create(parameters, { calendarOf });
        return [id, new TimeframedStrategy(strategy, timeframe ?? entry.timeframe, calendarOf)];
      }),
    );
    this.products = new Map(settings.strategies.map(({ id, product }) => [id, product]));
    this.leastEdges = new Map(settings.strategies.map(({ id, leastEdge }) => [id, leastEdge]));
    this.exits = new Map(settings.strategies.map(({ id, exits }) => [id, exits ?? DEFAULT_EXITS]));
  }

  /**
   * Takes in one closed bar; bars of one symbol in order of time.
   *
   * @throws ChargesUnknownError for a trade that no row of the table covers
   * @throws TimeframeTooShortError when a strategy is to see bars that are shorter
   */
  take(bar: Bar): void {
    this.assertNotLonger(bar);
    const calendar = this.calendars.of(bar.symbol);
    const times = tradingTimes(bar, calendar);
    this.market.observe(bar, times);
    const { now } = this.market;
    // A day begins with what the bars before it left.
    if (this.history.turnTo(this.calendars.main.tradingDayStart(now))) this.openingEquity = this.measured;
    this.charges.turnTo(this.calendars.main.tradingDay(now).date);
    this.tally.bar(bar);
    const quoted = bar.bid !== null || bar.ask !== null;
    const range = { high: bar.high, low: bar.low, openTime: times.open };
    // At a closing quote positions change after the bar's prices, at the open of a bar before them.
    if (quoted) this.book.observe(bar.symbol, range);
    this.settle({ bar, times });
    if (!quoted) this.book.observe(bar.symbol, range);
    const context: EngineContext = { source: this.settings.source, calendar, now };
    const exits = exitsOfBar(bar, this.guard(bar, times.open), context);
    const entries = [...this.strategies].flatMap(([id, strategy]) =>
      strategy.onBar(bar, context, this.exitsOf(id)),
    );
    const leaving = new Set(exits.map(({ signal }) => signal.strategy));
    for (const { signal, exit } of exits) this.act(signal, { bar, times }, exit);
    for (const signal of entries) {
      const leaves = signal.symbol === bar.symbol && leaving.has(signal.strategy);
      if (!leaves) this.act(signal, this.newest(signal.symbol) ?? { bar, times });
    }
    this.measure(bar);
  }

  /** What became of it all. The run may go on afterwards. */
  finish(): BacktestResult {
    const value = this.book.value((symbol) => this.market.mark(symbol));
    const { capital, realized, fees } = this.book;
    return {
      statistics: this.tally.statistics({
        currency: this.currency,
        capital: money(capital),
        equity: value.equity,
        realized,
        fees,
        maxDrawdownPercent: this.curve.maxDrawdownPercent,
        symbols: this.market.symbols,
        openPositions: value.openPositions,
      }),
      fills: { ...(this.settings.fills ?? DEFAULT_PAPER_MODEL) },
      ...this.tally.orders(),
      equity: this.curve.toPoints(),
    };
  }

  /** Open positions of the bar's symbol with the levels made by the bars before it. */
  private guard(bar: Bar, at: number): GuardedPosition[] {
    const calendar = this.calendars.of(bar.symbol);
    return this.book.open(bar.symbol).map((position) => {
      const range = this.strategies.get(position.strategy)?.rangeOf(bar.symbol) ?? null;
      const exits = this.exitsOf(position.strategy);
      const guarded = this.trails.guard(position, exits, range, at, calendar);
      this.trails.follow(position, bar, range);
      return guarded;
    });
  }

  /** The newest bar of a symbol: a bar of another one may have finished a longer bar of it. */
  private newest(symbol: string): ShownBar | undefined {
    const bar = this.market.newestBar(symbol);
    return bar && { bar, times: tradingTimes(bar, this.calendars.of(symbol)) };
  }

  private assertNotLonger({ intervalMs }: Bar): void {
    for (const { id, timeframe } of this.settings.strategies) {
      if (timeframe && CANDLE_INTERVAL_MS[timeframe] < intervalMs)
        throw new TimeframeTooShortError(id, timeframe);
    }
  }

  /** Whether a strategy decides at the close of days. */
  private isDaily(strategy: string, bar: Bar): boolean {
    return isDaily(bar) || this.strategies.get(strategy)?.timeframe === '1d';
  }

  private exitsOf(strategy: string): ExitSettings {
    return this.exits.get(strategy) ?? DEFAULT_EXITS;
  }

  /** The bar moves the market for what rests; orders of an ended session go. */
  private settle(shown: ShownBar): void {
    const { symbol } = shown.bar;
    // What was left when its session ended does not meet the next one.
    this.expire(this.resting.all(), shown.times.open);
    for (const order of this.resting.in(symbol)) this.match(order, shown);
    // Bars of other symbols that end with this one are still to come.
    this.expire(this.resting.in(symbol), this.market.now);
  }

  private expire(orders: readonly RestingOrder[], until: number): void {
    for (const order of orders) if (order.expiresAt <= until) this.end(order, 'Expired');
  }

  private end(order: RestingOrder, status: 'Expired' | 'Canceled'): void {
    order.record.status = status;
    this.resting.remove(order);
  }

  /** @param exit what ends the position; its level counts where nobody quotes */
  private act(signal: Signal, shown: ShownBar, exit?: ExitDraft): void {
    this.tally.signal();
    const { bar } = shown;
    const plan = planOrder(signal, this.book.quantity(signal.strategy, signal.symbol));
    if (plan.kind === 'none') return this.tally.withoutOrder(plan.reason);
    if (plan.kind === 'open') {
      const { strategy, symbol } = signal;
      const life = this.book.life(strategy, symbol);
      const refusal = entryRefusal(
        this.exitsOf(strategy),
        life,
        this.market.now,
        this.calendars.of(symbol),
        this.productOf(signal, bar),
        this.isDaily(strategy, bar),
      );
      if (refusal) return this.tally.withoutOrder(refusal);
    }
    const atLevel = exit !== undefined && exit.level !== null && !isQuoted(plan.side, bar);
    if (atLevel) this.cancelEntries(signal, plan.side);
    if (this.resting.has(signal.strategy, signal.symbol)) return this.tally.withoutOrder('order-working');
    const price = this.priceOf(signal.symbol, plan.side);
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
      const { priceSteps = null } = this.instrumentOf(signal.symbol) ?? {};
      const terms = exitTerms(exit, side, { priceSteps });
      this.order({ ...draft, terms, entersAt: open, meets: shown }, product);
    } else if (exit && this.endsSession(bar) && !isQuoted(side, bar)) {
      this.order({ ...draft, entersAt: open, meets: this.atClose(bar) }, product);
    } else {
      const meets = isQuoted(side, bar) ? shown : undefined;
      this.order({ ...draft, entersAt: this.nextEntry(bar), meets }, product);
    }
  }

  /** A stop must not wait for what is left of the entry. */
  private cancelEntries({ strategy, symbol }: Signal, side: OrderSide): void {
    for (const order of this.resting.in(symbol)) {
      if (order.signal.strategy === strategy && order.side !== side) this.end(order, 'Canceled');
    }
  }

  /** Whether the market closes with a bar that is shorter than a day. */
  private endsSession(bar: Bar): boolean {
    return !isDaily(bar) && this.calendars.of(bar.symbol).sessionAt(this.market.now) === undefined;
  }

  /** The only price of a bar that is known to be later than the square-off time in it. */
  private atClose(bar: Bar): ShownBar {
    const { now } = this.market;
    return { bar: { ...bar, open: bar.close }, times: { open: now, close: now } };
  }

  /** When an order that is decided now reaches the market: after a daily bar with the next session. */
  private nextEntry(bar: Bar): number {
    const { now } = this.market;
    const calendar = this.calendars.of(bar.symbol);
    if (!isDaily(bar) || calendar.sessionAt(now)) return now;
    return calendar.nextOpening(now) ?? now;
  }

  /** Price an order of this side would meet. */
  private priceOf(symbol: string, side: OrderSide): number | undefined {
    const { lastPrice, bid, ask } = this.market.snapshot(symbol);
    return (side === 'BUY' ? ask : bid) ?? lastPrice ?? undefined;
  }

  private instrumentOf(symbol: string): Instrument | undefined {
    const { source, instruments } = this.settings;
    return instruments?.get(symbol) ?? knownInstrument(source, symbol);
  }

  /** What the strategy holds of the symbol, or would. */
  private productOf({ strategy, symbol }: Signal, bar: Bar): Product {
    const held = this.book.product(strategy, symbol) ?? this.products.get(strategy);
    if (held) return held;
    const assetClass = this.currency === 'USDT' ? 'crypto' : 'stock';
    const offered = this.instrumentOf(symbol) ?? { assetClass, products: [] };
    return this.isDaily(strategy, bar)
      ? overnightProduct(offered, strategy)
      : defaultProduct(offered, strategy);
  }

  private size(signal: Signal, bar: Bar, price: number | undefined): number | undefined {
    const { equity, grossExposure } = this.book.value((symbol) => this.market.mark(symbol));
    if (price === undefined || !equity || !grossExposure) return undefined;
    const instrument = this.instrumentOf(signal.symbol);
    if (!instrument) return 0;
    return entryQuantity({
      equity,
      grossExposure,
      limits: this.limitsFor(signal).limits,
      entryPrice: price,
      stopPrice: signal.stopLoss,
      instrument,
      charges: this.charges.termsOf(instrument, this.productOf(signal, bar)),
    });
  }

  private fallsShort(signal: Signal, bar: Bar, entry: Pick<CostedEntry, 'quantity' | 'price'>): boolean {
    const instrument = this.instrumentOf(signal.symbol);
    if (!instrument) return false;
    const { bid, ask } = this.market.snapshot(signal.symbol);
    const charges = this.charges.termsOf(instrument, this.productOf(signal, bar));
    const assumed = this.settings.fills ?? DEFAULT_PAPER_MODEL;
    const leastEdge = this.leastEdges.get(signal.strategy) ?? DEFAULT_LEAST_EDGE;
    return edgeShortfall(signal, leastEdge, { ...entry, bid, ask, charges, assumed }) !== undefined;
  }

  private order(draft: Draft, product: Product): void {
    const { signal, side, quantity, decisionPrice, terms, entersAt, meets } = draft;
    const id = orderId(signal.id, this.settings.accountId);
    const { now } = this.market;
    const verdict = decide(this.contextOf(id, draft, product));
    this.raisePeak();
    const { symbol, strategy } = signal;
    const record: BacktestOrder = {
      id,
      signalId: signal.id,
      symbol,
      strategy,
      side,
      quantity,
      status: 'Accepted',
      averagePrice: null,
      fee: null,
      realized: null,
      rejection: null,
      createdAt: toIso(now),
    };
    if (!verdict.approved) {
      record.status = 'Denied';
      record.rejection = { code: verdict.code, message: verdict.message };
    }
    this.history.addOrder(id, signal, side, record.status, now);
    this.tally.order(record);
    if (!verdict.approved) return;
    const calendar = this.calendars.of(symbol);
    const expiresAt = calendar.sessionAt(entersAt)?.closeTime ?? calendar.tradingDayEnd(entersAt);
    const order: RestingOrder = {
      record,
      signal,
      side,
      product,
      decisionPrice,
      remaining: quantity,
      expiresAt,
      filled: unfilled(side),
      terms,
      triggered: false,
      // A target is in the book before the bar that reaches it.
      rests: terms.type === 'LIMIT',
    };
    this.resting.add(order);
    if (meets) this.match(order, meets);
  }

  /** Shows an order a bar; what it does not offer waits for the next. */
  private match(order: RestingOrder, { bar, times }: ShownBar): void {
    const { record, signal, side, remaining, terms, triggered, rests } = order;
    const instrument = this.instrumentOf(signal.symbol);
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
    const day = this.calendars.main.tradingDayStart(at);
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

  private contextOf(id: string, { signal, side, quantity, entersAt }: Draft, product: Product): RiskContext {
    const { strategy, symbol } = signal;
    const { accountId, source } = this.settings;
    const { limits, origins } = this.limitsFor(signal);
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
        currency: this.currency,
        netting: false,
        cash: this.book.cash,
      },
      tradingState: { mode: 'ACTIVE', running: true },
      calendar: this.calendars.of(symbol),
      limits,
      limitOrigins: origins,
      instrument: this.instrumentOf(symbol),
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

  private limitsFor({ strategy, symbol }: Signal) {
    const target = { accountId: this.settings.accountId, strategy, symbol };
    return limitsInForce(this.defaults, this.settings.limits ?? [], target);
  }

  /** The peak rises with the equity that decisions are made on, as in live trading. */
  private raisePeak(): void {
    const equity = this.equityNow();
    if (equity) this.peak = Money.max(this.peak, equity);
  }

  private measure(bar: Bar): void {
    this.measured = this.equityNow();
    if (this.measured) this.curve.add(barCloseTime(bar), this.measured);
  }

  private equityNow(): Money | undefined {
    return this.book.value((symbol) => this.market.mark(symbol)).equity ?? undefined;
  }
}

/** The whole of a backtest at once. */
export function runBacktest(settings: BacktestSettings, bars: Iterable<Bar>): BacktestResult {
  const run = new BacktestRun(settings);
  for (const bar of bars) run.take(bar);
  return run.finish();
}
