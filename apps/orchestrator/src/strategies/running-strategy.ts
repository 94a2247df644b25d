import { type Bar, type Signal, type StrategyStatus, toIso } from '@tickbridge/contracts';
import {
  type CatalogueEntry,
  type EngineContext,
  entrySignal,
  type SessionCalendar,
  type Strategy,
} from '@tickbridge/trading-core';
import type { BarHistory } from './bar-history';
import type { StrategySettings } from './strategy-settings.repository';

/** A strategy with its settings and what it has done since the start. */
export class RunningStrategy {
  private strategy: Strategy;
  private enabled = true;
  private barsSeen = 0;
  private signals = 0;
  private lastSignalAt: number | null = null;
  private lastError: string | null = null;

  constructor(
    private readonly entry: CatalogueEntry,
    private readonly calendar: SessionCalendar,
    private readonly history: BarHistory,
  ) {
    this.strategy = entry.create({}, { calendar });
  }

  get id(): string {
    return this.entry.id;
  }

  get settings(): StrategySettings {
    return { enabled: this.enabled, parameters: { ...this.strategy.parameters } };
  }

  /**
   * Takes on settings; with other parameters it learns the bars seen so far anew.
   *
   * @throws ZodError naming every parameter that is unknown or out of range
   */
  use({ enabled, parameters }: StrategySettings): void {
    const next = this.entry.create(parameters, { calendar: this.calendar });
    if (JSON.stringify(next.parameters) !== JSON.stringify(this.strategy.parameters)) {
      for (const bar of this.history) next.onBar(bar);
      this.strategy = next;
    }
    this.enabled = enabled;
  }

  /** Parameters as they would be after a change. @throws ZodError */
  validate(parameters: Record<string, number>): Record<string, number> {
    return { ...this.entry.create(parameters, { calendar: this.calendar }).parameters };
  }

  /** Takes in a bar. A disabled strategy goes on learning, silently. */
  onBar(bar: Bar, context: EngineContext): Signal | undefined {
    try {
      const signal = entrySignal(bar, this.strategy, context);
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
    for (const symbol of this.history.symbolNames()) if (this.strategy.isWarm(symbol)) warmSymbols += 1;
    return {
      id,
      name,
      description,
      enabled: this.enabled,
      parameters: { ...this.strategy.parameters },
      symbols: this.history.symbols,
      warmSymbols,
      barsSeen: this.barsSeen,
      signals: this.signals,
      lastSignalAt: this.lastSignalAt === null ? null : toIso(this.lastSignalAt),
      lastError: this.lastError,
    };
  }
}
