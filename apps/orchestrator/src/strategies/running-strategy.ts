import {
  type Bar,
  DEFAULT_EXITS,
  type ExitSettings,
  type FeedName,
  type Product,
  type Signal,
  type StrategyStatus,
  toIso,
} from '@tickbridge/contracts';
import {
  type CatalogueEntry,
  type EngineContext,
  entrySignal,
  type Strategy,
} from '@tickbridge/trading-core';
import type { TradingFeed } from '../market/trading-feed';
import type { BarHistory } from './bar-history';
import { measured, SlowBarWatch, type Suspension } from './slow-bar.watch';
import type { StrategySettings } from './strategy-settings.repository';

/** A strategy with its settings and what it has done since the start: one instance per feed, by that feed's calendar. */
export class RunningStrategy {
  private instances: ReadonlyMap<FeedName, Strategy>;
  private terms: Omit<StrategySettings, 'parameters'> = {
    enabled: true,
    exits: DEFAULT_EXITS,
    product: null,
    suspended: null,
  };
  private readonly watch = new SlowBarWatch();
  private barsSeen = 0;
  private signals = 0;
  private lastSignalAt: number | null = null;
  private errors = 0;
  private lastError: { message: string; at: number } | null = null;

  constructor(
    private readonly entry: CatalogueEntry,
    private readonly feeds: readonly TradingFeed[],
    private readonly history: BarHistory,
  ) {
    this.instances = this.create({});
  }

  get id(): string {
    return this.entry.id;
  }

  get exits(): ExitSettings {
    return this.terms.exits;
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
    return first?.parameters ?? {};
  }

  /**
   * Takes on settings; with other parameters, or after a suspension, it learns the bars seen so far anew.
   *
   * @throws ZodError naming every parameter that is unknown or out of range
   */
  use({ parameters, ...terms }: StrategySettings): void {
    const resumed = this.terms.suspended !== null && terms.suspended === null;
    const before = JSON.stringify(this.parameters);
    const next = this.create(parameters);
    const [first] = next.values();
    if (resumed || JSON.stringify(first?.parameters) !== before) {
      // A strategy that is slow is not shown five hundred bars at once: it learns from here on.
      if (!resumed) for (const [feed, strategy] of next) this.learn(feed, strategy);
      this.instances = next;
    }
    if (resumed) this.watch.reset();
    this.terms = terms;
  }

  /** Parameters as they would be after a change. @throws ZodError */
  validate(parameters: Record<string, number>): Record<string, number> {
    const [first] = this.create(parameters).values();
    return { ...first?.parameters };
  }

  /**
   * Takes in a bar. A disabled strategy goes on learning, silently; a suspended one is not run.
   *
   * @param range average true range of the symbol, for exits measured in it
   */
  onBar(bar: Bar, context: EngineContext, range: number | null): Signal | undefined {
    const strategy = this.instances.get(context.source);
    if (!strategy || this.terms.suspended) return undefined;
    const { result, ...duration } = measured(() => this.run(bar, strategy, context, range));
    this.barsSeen += 1;
    const reason = this.watch.add(duration);
    if (reason !== undefined) this.terms = { ...this.terms, suspended: { at: context.now, reason } };
    return this.terms.enabled ? result : undefined;
  }

  /** Counts a signal that was acted on. */
  countSignal(at: number): void {
    this.signals += 1;
    this.lastSignalAt = at;
  }

  status(): StrategyStatus {
    const { id, name, description } = this.entry;
    const { enabled, exits, product, suspended } = this.terms;
    let warmSymbols = 0;
    let symbols = 0;
    for (const [feed, strategy] of this.instances) {
      const known = this.history.symbols(feed);
      symbols += known.length;
      warmSymbols += known.filter((symbol) => strategy.isWarm(symbol)).length;
    }
    return {
      id,
      name,
      description,
      enabled,
      parameters: { ...this.parameters },
      exits,
      product,
      symbols,
      warmSymbols,
      barsSeen: this.barsSeen,
      signals: this.signals,
      lastSignalAt: this.lastSignalAt === null ? null : toIso(this.lastSignalAt),
      errors: this.errors,
      lastError: this.lastError?.message ?? null,
      lastErrorAt: this.lastError && toIso(this.lastError.at),
      slowBars: this.watch.slowBars,
      slowestBarMs: this.watch.slowestBarMs,
      suspended: suspended && { since: toIso(suspended.at), reason: suspended.reason },
    };
  }

  private run(bar: Bar, strategy: Strategy, context: EngineContext, range: number | null) {
    try {
      return entrySignal(bar, strategy, context, { exits: this.terms.exits, range });
    } catch (error) {
      this.noteError(error, context.now);
      return undefined;
    }
  }

  /** A strategy that throws on old bars must not keep its settings from being changed. */
  private learn(feed: FeedName, strategy: Strategy): void {
    for (const bar of this.history.bars(feed)) {
      try {
        strategy.onBar(bar);
      } catch (error) {
        this.noteError(error, bar.openTime);
      }
    }
  }

  private noteError(error: unknown, at: number): void {
    this.errors += 1;
    this.lastError = { message: error instanceof Error ? error.message : String(error), at };
  }

  private create(parameters: Record<string, number>): ReadonlyMap<FeedName, Strategy> {
    return new Map(
      this.feeds.map(({ name, calendarOf }) => [name, this.entry.create(parameters, { calendarOf })]),
    );
  }
}
