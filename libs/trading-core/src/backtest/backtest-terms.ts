import {
  type Bar,
  CANDLE_INTERVAL_MS,
  DEFAULT_EXITS,
  type ExitSettings,
  type FillAssumptions,
  type Instrument,
  type Product,
  type Signal,
} from '@tickbridge/contracts';
import { TimeframedStrategy } from '../engine/timeframed-strategy';
import { DEFAULT_PAPER_MODEL } from '../execution/paper-fill';
import { type Currency, currencyOf } from '../instruments/feed-currency';
import { knownInstrument } from '../instruments/known-instruments';
import { defaultProduct, overnightProduct } from '../instruments/products';
import { DEFAULT_LIMITS } from '../risk/default-limits';
import { limitsInForce } from '../risk/effective-limits';
import { Calendars } from '../sessions/calendars';
import { MarketCalendars } from '../sessions/market-calendars';
import { isDaily } from '../sessions/trading-times';
import { DEFAULT_LEAST_EDGE } from '../sizing/least-edge';
import { STRATEGIES } from '../strategies/catalogue';
import { TimeframeTooShortError, UnknownStrategyError } from './backtest.errors';
import type { BacktestSettings } from './backtest.settings';

/** What a run trades, by which rules, with the defaults of the platform where the settings say nothing. */
export class BacktestTerms {
  readonly currency: Currency;
  readonly calendars: MarketCalendars;
  readonly fills: FillAssumptions;
  /** In the order in which they see a bar. */
  readonly strategies: ReadonlyMap<string, TimeframedStrategy>;
  private readonly own: ReadonlyMap<string, BacktestSettings['strategies'][number]>;

  /**
   * @throws UnknownStrategyError for a strategy that is not in the catalogue
   * @throws ZodError naming every parameter that is unknown or out of range
   */
  constructor(readonly settings: BacktestSettings) {
    this.currency = currencyOf(settings.source);
    this.calendars = new MarketCalendars(
      settings.calendars ?? new Calendars(),
      settings.source,
      (symbol) => this.instrumentOf(symbol)?.calendar,
    );
    this.fills = settings.fills ?? DEFAULT_PAPER_MODEL;
    this.own = new Map(settings.strategies.map((each) => [each.id, each]));
    const calendarOf = (symbol: string) => this.calendars.of(symbol);
    this.strategies = new Map(
      settings.strategies.map(({ id, parameters, timeframe }) => {
        const entry = STRATEGIES.find((one) => one.id === id);
        if (!entry) throw new UnknownStrategyError(id);
        const strategy = entry.create(parameters, { calendarOf });
        return [id, new TimeframedStrategy(strategy, timeframe ?? entry.timeframe, calendarOf)];
      }),
    );
  }

  /** @throws TimeframeTooShortError when a strategy is to see shorter bars than these */
  assertNotLonger({ intervalMs }: Bar): void {
    for (const { id, timeframe } of this.settings.strategies) {
      if (timeframe && CANDLE_INTERVAL_MS[timeframe] < intervalMs)
        throw new TimeframeTooShortError(id, timeframe);
    }
  }

  instrumentOf(symbol: string): Instrument | undefined {
    const { source, instruments } = this.settings;
    return instruments?.get(symbol) ?? knownInstrument(source, symbol);
  }

  exitsOf(strategy: string): ExitSettings {
    return this.own.get(strategy)?.exits ?? DEFAULT_EXITS;
  }

  leastEdgeOf(strategy: string): number {
    return this.own.get(strategy)?.leastEdge ?? DEFAULT_LEAST_EDGE;
  }

  /** Whether a strategy decides at the close of days. */
  isDaily(strategy: string, bar: Bar): boolean {
    return isDaily(bar) || this.strategies.get(strategy)?.timeframe === '1d';
  }

  /** What the strategy would hold of the symbol. */
  productOf({ strategy, symbol }: Signal, bar: Bar): Product {
    const named = this.own.get(strategy)?.product;
    if (named) return named;
    const assetClass = this.currency === 'USDT' ? 'crypto' : 'stock';
    const offered = this.instrumentOf(symbol) ?? { assetClass, products: [] };
    return this.isDaily(strategy, bar)
      ? overnightProduct(offered, strategy)
      : defaultProduct(offered, strategy);
  }

  limitsFor({ strategy, symbol }: Signal) {
    const target = { accountId: this.settings.accountId, strategy, symbol };
    return limitsInForce(DEFAULT_LIMITS[this.currency], this.settings.limits ?? [], target);
  }
}
