import {
  type Bar,
  DEFAULT_EXITS,
  type ExitSettings,
  type FeedName,
  type Product,
  type Signal,
  type StrategyStatus,
  type Timeframe,
  toIso,
} from '@tickbridge/contracts';
import {
  type CatalogueEntry,
  DEFAULT_LEAST_EDGE,
  type Strategy,
  type TimeframeContext,
  TimeframedStrategy,
} from '@tickbridge/trading-core';
import type { TradingFeed } from '../market/trading-feed';
import type { BarHistory } from './bar-history';
import { measured, SlowBarWatch, type Suspension } from './slow-bar.watch';
import type { StrategyDefaults } from './strategy-defaults';
import type { StrategySettings } from './strategy-settings.repository';

/** Bars of the time before this process ran, by feed. */
export type EarlierBars = ReadonlyMap<FeedName, readonly Bar[]>;

/** One per feed, by that feed's calendar. */
type Instances = ReadonlyMap<FeedName, TimeframedStrategy>;

const NONE: EarlierBars = new Map();

/** A strategy with its settings and what it has done since the start: one instance per feed, by that feed's calendar. */
export class RunningStrategy {
  private instances: Instances;
  private terms: Omit<StrategySettings, 'parameters'> = {
    enabled: true,
    timeframe: null,
    leastEdge: null,
    exits: DEFAULT_EXITS,
    product: null,
    suspended: null,
  };
  private readonly watch = new SlowBarWatch();
  private barsSeen = 0;
  private signals = 0;
  private lastSignalAt: number | null = null;
  private edgeRefusals = 0;
  private lastEdgeRefusal: string | null = null;
  private errors = 0;
  private lastError: { message: string; at: number } | null = null;

  constructor(
    private readonly entry: CatalogueEntry,
    private readonly feeds: readonly TradingFeed[],
    private readonly history: BarHistory,
    private readonly defaults: StrategyDefaults = { timeframe: null, leastEdge: null },
  ) {
    this.instances = this.create({}, null);
  }

  get id(): string {
    return this.entry.id;
  }

  get exits(): ExitSettings {
    return this.terms.exits;
  }

  /** Length of its bars. */
  get timeframe(): Timeframe {
    return this.timeframeIn(this.terms);
  }

  /** Least expected move of its entries, as a multiple of what they cost. */
  get leastEdge(): number {
    return this.terms.leastEdge ?? this.defaults.leastEdge ?? DEFAULT_LEAST_EDGE;
  }

  /** What its positions are held as; `null`: what each instrument offers first. */
  get product(): Product | null {
    return this.terms.product;
  }

  /** `null` while it runs. */
  get suspended(): Suspension | null {
    return this.terms.suspended;
  }

  get settings(): StrategySettings {
    return { ...this.terms, parameters: { ...this.parameters } };
  }

  private get parameters(): Strategy['parameters'] {
    const [first] = this.instances.values();
    return first?.strategy.parameters ?? {};
  }

  /** Average true range of a symbol in bars of the timeframe; `null` while too few are known. */
  rangeOf(feed: FeedName, symbol: string): number | null {
    return this.instances.get(feed)?.rangeOf(symbol) ?? null;
  }

  /** Length of its bars with settings. */
  timeframeIn({ timeframe }: Pick<StrategySettings, 'timeframe'>): Timeframe {
    return timeframe ?? this.defaults.timeframe ?? this.entry.timeframe;
  }

  /** Whether these settings make it begin anew, with what it learns from earlier bars. */
  beginsAnew({ parameters, timeframe, suspended }: StrategySettings): boolean {
    const resumed = this.terms.suspended !== null && suspended === null;
    const otherBars = this.timeframeIn({ timeframe }) !== this.timeframe;
    return (
      resumed || otherBars || JSON.stringify(this.validate(parameters)) !== JSON.stringify(this.parameters)
    );
  }

  /**
   * Takes on settings; where they make it begin anew it learns the bars before this process ran, then those seen since.
   *
   * @throws ZodError naming every parameter that is unknown or out of range
   */
  use(settings: StrategySettings, earlier: EarlierBars = NONE): void {
    const { parameters, ...terms } = settings;
    const resumed = this.terms.suspended !== null && terms.suspended === null;
    if (this.beginsAnew(settings)) {
      // A strategy that is slow is not shown five hundred bars at once: it learns from here on.
      this.instances = resumed
        ? this.create(parameters, terms.timeframe)
        : this.taught(parameters, terms.timeframe, earlier);
    }
    if (resumed) this.watch.reset();
    this.terms = terms;
  }

  /** Whether a symbol that it has seen is not known well enough to decide. */
  get isCold(): boolean {
    return !this.terms.suspended && [...this.instances.values()].some((one) => one.warmSymbols < one.symbols);
  }

  /** Begins anew with earlier bars when it then knows more symbols well enough than now. */
  learn(earlier: EarlierBars): void {
    const next = this.taught(this.parameters, this.terms.timeframe, earlier);
    if (warmSymbols(next) > warmSymbols(this.instances)) this.instances = next;
  }

  /** Parameters as they would be after a change. @throws ZodError */
  validate(parameters: Record<string, number>): Record<string, number> {
    const [first] = this.create(parameters, null).values();
    return { ...first?.strategy.parameters };
  }

  /** Takes in a bar. A disabled strategy goes on learning, silently; a suspended one is not run. */
  onBar(bar: Bar, context: TimeframeContext): Signal[] {
    const strategy = this.instances.get(context.source);
    if (!strategy || this.terms.suspended) return [];
    const { result, ...duration } = measured(() => this.run(bar, strategy, context));
    this.barsSeen += 1;
    const reason = this.watch.add(duration);
    if (reason !== undefined) this.terms = { ...this.terms, suspended: { at: context.now, reason } };
    return this.terms.enabled ? result : [];
  }

  /** Counts a signal that was acted on. */
  countSignal(at: number): void {
    this.signals += 1;
    this.lastSignalAt = at;
  }

  /** Counts an entry that was not worth its costs. @param reason in a sentence */
  countEdgeRefusal(reason: string): void {
    this.edgeRefusals += 1;
    this.lastEdgeRefusal = reason;
  }

  status(): StrategyStatus {
    const { id, name, description } = this.entry;
    const { enabled, exits, product, suspended } = this.terms;
    return {
      id,
      name,
      description,
      enabled,
      parameters: { ...this.parameters },
      timeframe: this.timeframe,
      leastEdge: this.leastEdge,
      exits,
      product,
      symbols: sum(this.instances, ({ symbols }) => symbols),
      warmSymbols: warmSymbols(this.instances),
      barsSeen: this.barsSeen,
      signals: this.signals,
      lastSignalAt: this.lastSignalAt === null ? null : toIso(this.lastSignalAt),
      edgeRefusals: this.edgeRefusals,
      lastEdgeRefusal: this.lastEdgeRefusal,
      errors: this.errors,
      lastError: this.lastError?.message ?? null,
      lastErrorAt: this.lastError && toIso(this.lastError.at),
      slowBars: this.watch.slowBars,
      slowestBarMs: this.watch.slowestBarMs,
      suspended: suspended && { since: toIso(suspended.at), reason: suspended.reason },
    };
  }

  private run(bar: Bar, strategy: TimeframedStrategy, context: TimeframeContext): Signal[] {
    try {
      return strategy.onBar(bar, context, this.terms.exits);
    } catch (error) {
      this.noteError(error, context.now);
      return [];
    }
  }

  private taught(
    parameters: Record<string, number>,
    timeframe: Timeframe | null,
    earlier: EarlierBars,
  ): Instances {
    const instances = this.create(parameters, timeframe);
    for (const [feed, strategy] of instances) {
      this.teach(strategy, feed, earlier.get(feed) ?? []);
      this.teach(strategy, feed, this.history.bars(feed));
    }
    return instances;
  }

  /** A strategy that throws on old bars must not keep its settings from being changed. */
  private teach(strategy: TimeframedStrategy, source: FeedName, bars: readonly Bar[]): void {
    for (const bar of bars) {
      try {
        strategy.learn(bar, { source, now: bar.openTime }, this.terms.exits);
      } catch (error) {
        this.noteError(error, bar.openTime);
      }
    }
  }

  private noteError(error: unknown, at: number): void {
    this.errors += 1;
    this.lastError = { message: error instanceof Error ? error.message : String(error), at };
  }

  private create(parameters: Record<string, number>, timeframe: Timeframe | null): Instances {
    return new Map(
      this.feeds.map(({ name, calendarOf }) => {
        const strategy: Strategy = this.entry.create(parameters, { calendarOf });
        return [name, new TimeframedStrategy(strategy, this.timeframeIn({ timeframe }), calendarOf)];
      }),
    );
  }
}

function sum(instances: Instances, count: (strategy: TimeframedStrategy) => number): number {
  return [...instances.values()].reduce((total, strategy) => total + count(strategy), 0);
}

function warmSymbols(instances: Instances): number {
  return sum(instances, (strategy) => strategy.warmSymbols);
}
