import { type Bar, type FeedName, type Signal, type StrategyStatus, toIso } from '@tickbridge/contracts';
import {
  type CatalogueEntry,
  type EngineContext,
  entrySignal,
  type Strategy,
} from '@tickbridge/trading-core';
import type { TradingFeed } from '../feed/trading-feed';
import type { BarHistory } from './bar-history';
import type { StrategySettings } from './strategy-settings.repository';

/** A strategy with its settings and what it has done since the start: one instance per feed, by that feed's calendar. */
export class RunningStrategy {
  private instances: ReadonlyMap<FeedName, Strategy>;
  private enabled = true;
  private barsSeen = 0;
  private signals = 0;
  private lastSignalAt: number | null = null;
  private lastError: string | null = null;

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

  get settings(): StrategySettings {
    return { enabled: this.enabled, parameters: { ...this.parameters } };
  }

  private get parameters(): Strategy['parameters'] {
    const [first] = this.instances.values();
    return first?.parameters ?? {};
  }

  /**
   * Takes on settings; with other parameters it learns the bars seen so far anew.
   *
   * @throws ZodError naming every parameter that is unknown or out of range
   */
  use({ enabled, parameters }: StrategySettings): void {
    const before = JSON.stringify(this.parameters);
    const next = this.create(parameters);
    const [first] = next.values();
    if (JSON.stringify(first?.parameters) !== before) {
      for (const [feed, strategy] of next) for (const bar of this.history.bars(feed)) strategy.onBar(bar);
      this.instances = next;
    }
    this.enabled = enabled;
  }

  /** Parameters as they would be after a change. @throws ZodError */
  validate(parameters: Record<string, number>): Record<string, number> {
    const [first] = this.create(parameters).values();
    return { ...first?.parameters };
  }

  /** Takes in a bar. A disabled strategy goes on learning, silently. */
  onBar(bar: Bar, context: EngineContext): Signal | undefined {
    try {
      const strategy = this.instances.get(context.source);
      const signal = strategy && entrySignal(bar, strategy, context);
      this.barsSeen += 1;
      return this.enabled ? signal : undefined;
    } catch (error) {
      this.lastError = error instanceof Error ? error.message : String(error);
      return undefined;
    }
  }

  /** Counts a signal that was acted on. */
  countSignal(at: number): void {
    this.signals += 1;
    this.lastSignalAt = at;
  }

  status(): StrategyStatus {
    const { id, name, description } = this.entry;
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
      enabled: this.enabled,
      parameters: { ...this.parameters },
      symbols,
      warmSymbols,
      barsSeen: this.barsSeen,
      signals: this.signals,
      lastSignalAt: this.lastSignalAt === null ? null : toIso(this.lastSignalAt),
      lastError: this.lastError,
    };
  }

  private create(parameters: Record<string, number>): ReadonlyMap<FeedName, Strategy> {
    return new Map(
      this.feeds.map(({ name, calendar }) => [name, this.entry.create(parameters, { calendar })]),
    );
  }
}
