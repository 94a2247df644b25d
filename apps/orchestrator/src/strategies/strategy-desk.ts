import { Injectable, Logger } from '@nestjs/common';
import {
  type Bar,
  DEFAULT_EXITS,
  type ExitSettings,
  type FeedName,
  type Signal,
  type StrategyChange,
  type StrategyStatus,
  type Product,
} from '@tickbridge/contracts';
import { rootMessage } from '@tickbridge/database';
import { ProblemException } from '@tickbridge/service-bootstrap';
import { STRATEGIES, SymbolRanges, isAuction } from '@tickbridge/trading-core';
import { ZodError } from 'zod';
import { TradingClock } from '../market/trading-clock';
import type { TradingFeed } from '../market/trading-feed';
import { TradingFeeds } from '../market/trading-feeds';
import { BarHistory } from './bar-history';
import { RunningStrategy } from './running-strategy';
import { StrategySettingsRepository } from './strategy-settings.repository';

/** All strategies of the catalogue, running on the same bars. */
@Injectable()
export class StrategyDesk {
  private readonly logger = new Logger('StrategyDesk');
  private readonly history = new BarHistory();
  private readonly ranges = new Map<FeedName, SymbolRanges>();
  /** Settings as they were stored when last looked at. */
  private readonly seen = new Map<string, string>();
  private readonly running: ReadonlyMap<string, RunningStrategy>;

  constructor(
    private readonly settings: StrategySettingsRepository,
    feeds: TradingFeeds,
    private readonly clock: TradingClock,
  ) {
    this.running = new Map(
      STRATEGIES.map((entry) => [entry.id, new RunningStrategy(entry, feeds.all, this.history)]),
    );
  }

  /** Takes on what people set before. A setting that no longer fits leaves the defaults, with a log line. */
  async load(): Promise<void> {
    this.seen.clear();
    await this.refresh();
  }

  /** Takes on what a person has told another orchestrator since. */
  async refresh(): Promise<void> {
    for (const [id, settings] of await this.settings.all()) {
      const stored = JSON.stringify(settings);
      if (this.seen.get(id) === stored) continue;
      this.seen.set(id, stored);
      try {
        this.running.get(id)?.use(settings);
      } catch (error) {
        this.logger.warn(`stored settings of ${id} do not fit, defaults are used: ${String(error)}`);
      }
    }
  }

  /** Shows a bar to every strategy. @returns their signals; ignore them to only warm up */
  onBar(bar: Bar, feed: TradingFeed): Signal[] {
    const calendar = feed.calendarOf(bar.symbol);
    if (isAuction(calendar, bar)) return [];
    this.history.add(feed.name, bar);
    this.rangesOf(feed.name).observe(bar);
    const range = this.rangeOf(feed.name, bar.symbol);
    const context = { source: feed.name, calendar, now: this.clock.now() };
    const signals: Signal[] = [];
    for (const strategy of this.running.values()) {
      const ran = strategy.suspended === null;
      const signal = strategy.onBar(bar, context, range);
      if (signal) signals.push(signal);
      if (ran && strategy.suspended) this.keepSuspended(strategy);
    }
    return signals;
  }

  /** How positions of a strategy end. Positions of people, and of strategies that are gone, keep their own levels. */
  exitsOf(strategy: string): ExitSettings {
    return this.running.get(strategy)?.exits ?? DEFAULT_EXITS;
  }

  /** What positions of a strategy are held as; `null` when nobody chose. */
  productOf(strategy: string): Product | null {
    return this.running.get(strategy)?.product ?? null;
  }

  /** Average true range of a symbol; `null` while too few bars are known. */
  rangeOf(feed: FeedName, symbol: string): number | null {
    return this.rangesOf(feed).of(symbol);
  }

  countSignal({ strategy }: Signal): void {
    this.running.get(strategy)?.countSignal(this.clock.now());
  }

  status(): StrategyStatus[] {
    return [...this.running.values()].map((strategy) => strategy.status());
  }

  /**
   * Changes a strategy for good.
   *
   * @throws ProblemException 404 for an unknown strategy, 400 naming every parameter that does not fit
   */
  async change(id: string, change: StrategyChange): Promise<StrategyStatus> {
    const strategy = this.running.get(id);
    if (!strategy) {
      const known = [...this.running.keys()].join(', ');
      throw new ProblemException(404, 'STRATEGY_UNKNOWN', `There is no strategy ${id}; known are ${known}.`);
    }
    const current = strategy.settings;
    const settings = {
      enabled: change.enabled ?? current.enabled,
      parameters: checked(strategy, { ...current.parameters, ...change.parameters }),
      exits: { ...current.exits, ...change.exits },
      product: change.product === undefined ? current.product : change.product,
      suspended: change.suspended === false ? null : current.suspended,
    };
    await this.settings.save(id, settings);
    strategy.use(settings);
    return strategy.status();
  }

  private rangesOf(feed: FeedName): SymbolRanges {
    const known = this.ranges.get(feed);
    if (known) return known;
    const ranges = new SymbolRanges();
    this.ranges.set(feed, ranges);
    return ranges;
  }

  /** A suspension outlives a restart; while PostgreSQL is away it holds in this process at least. */
  private keepSuspended(strategy: RunningStrategy): void {
    this.logger.error(`${strategy.id} is suspended: ${strategy.suspended?.reason ?? ''}`);
    this.settings
      .save(strategy.id, strategy.settings)
      .catch((error: unknown) => this.logger.warn(`suspension not stored: ${rootMessage(error)}`));
  }
}

function checked(strategy: RunningStrategy, parameters: Record<string, number>): Record<string, number> {
  try {
    return strategy.validate(parameters);
  } catch (error) {
    if (!(error instanceof ZodError)) throw error;
    const fields = error.issues.flatMap((issue) =>
      issue.code === 'unrecognized_keys'
        ? issue.keys.map((key) => ({ field: `parameters.${key}`, message: 'unknown parameter' }))
        : [{ field: ['parameters', ...issue.path].join('.'), message: issue.message }],
    );
    const detail = fields.map(({ field, message }) => `${field} (${message})`).join('; ');
    throw new ProblemException(400, 'INVALID_INPUT', `The strategy cannot run so: ${detail}`, fields);
  }
}
