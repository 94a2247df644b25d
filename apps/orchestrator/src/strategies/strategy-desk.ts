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
  type Timeframe,
} from '@tickbridge/contracts';
import { isDatabaseUnavailable, rootMessage } from '@tickbridge/database';
import { ProblemException } from '@tickbridge/service-bootstrap';
import { STRATEGIES } from '@tickbridge/trading-core';
import { ZodError } from 'zod';
import { TradingClock } from '../market/trading-clock';
import type { TradingFeed } from '../market/trading-feed';
import { TradingFeeds } from '../market/trading-feeds';
import { BarHistory } from './bar-history';
import { type EarlierBars, RunningStrategy } from './running-strategy';
import { StrategyDefaults } from './strategy-defaults';
import { StoredCandles } from './stored-candles';
import { type StrategySettings, StrategySettingsRepository } from './strategy-settings.repository';

/** What the vendor's history adds to the candles after a start is looked for so often, and so long (milliseconds). */
const LEARN_INTERVAL_MS = 30_000;
const LEARN_UNTIL_MS = 600_000;

/** All strategies of the catalogue, running on the same bars. */
@Injectable()
export class StrategyDesk {
  private readonly logger = new Logger('StrategyDesk');
  private readonly history = new BarHistory();
  /** Settings as they were stored when last looked at. */
  private readonly seen = new Map<string, string>();
  /** By the clock of this process, which no feed and no person sets (milliseconds). */
  private loadedAt = Number.NEGATIVE_INFINITY;
  private learntAt = Number.NEGATIVE_INFINITY;
  private readonly running: ReadonlyMap<string, RunningStrategy>;

  constructor(
    private readonly settings: StrategySettingsRepository,
    private readonly feeds: TradingFeeds,
    private readonly clock: TradingClock,
    private readonly stored: StoredCandles,
    defaults: StrategyDefaults,
  ) {
    this.running = new Map(
      STRATEGIES.map((entry) => [entry.id, new RunningStrategy(entry, feeds.all, this.history, defaults)]),
    );
  }

  /** Takes on what people set before. A setting that no longer fits leaves the defaults, with a log line. */
  async load(): Promise<void> {
    this.seen.clear();
    await this.refresh();
    await this.learnAll([...this.running.values()]);
    this.loadedAt = this.learntAt = performance.now();
  }

  /** Takes on what a person has told another orchestrator since. */
  async refresh(): Promise<void> {
    for (const [id, settings] of await this.settings.all()) {
      const stored = JSON.stringify(settings);
      if (this.seen.get(id) === stored) continue;
      this.seen.set(id, stored);
      try {
        await this.use(id, settings);
      } catch (error) {
        if (isDatabaseUnavailable(error)) {
          this.seen.delete(id);
          throw error;
        }
        this.logger.warn(`stored settings of ${id} do not fit, defaults are used: ${String(error)}`);
      }
    }
    await this.learn();
  }

  /** Shows a bar to every strategy. @returns their signals; ignore them to only warm up */
  onBar(bar: Bar, feed: TradingFeed): Signal[] {
    this.history.add(feed.name, bar);
    const context = { source: feed.name, now: this.clock.now() };
    const signals: Signal[] = [];
    for (const strategy of this.running.values()) {
      const ran = strategy.suspended === null;
      signals.push(...strategy.onBar(bar, context));
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

  /** Length of a strategy's bars; `undefined` for one that is gone. */
  timeframeOf(strategy: string): Timeframe | undefined {
    return this.running.get(strategy)?.timeframe;
  }

  /** Least expected move of a strategy's entries, as a multiple of what they cost; 0 for one that is gone. */
  leastEdgeOf(strategy: string): number {
    return this.running.get(strategy)?.leastEdge ?? 0;
  }

  /** Average true range of a symbol in a strategy's bars; `null` while too few are known. */
  rangeOf(strategy: string, feed: FeedName, symbol: string): number | null {
    return this.running.get(strategy)?.rangeOf(feed, symbol) ?? null;
  }

  countSignal({ strategy }: Signal): void {
    this.running.get(strategy)?.countSignal(this.clock.now());
  }

  countEdgeRefusal({ strategy }: Signal, reason: string): void {
    this.running.get(strategy)?.countEdgeRefusal(reason);
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
      timeframe: change.timeframe ?? current.timeframe,
      leastEdge: change.leastEdge ?? current.leastEdge,
      exits: { ...current.exits, ...change.exits },
      product: change.product === undefined ? current.product : change.product,
      suspended: change.suspended === false ? null : current.suspended,
    };
    await this.settings.save(id, settings);
    await this.use(id, settings);
    return strategy.status();
  }

  /** Between the last look at stored candles and the first bar after it nothing is awaited: no bar is missed. */
  private async use(id: string, settings: StrategySettings): Promise<void> {
    const strategy = this.running.get(id);
    if (!strategy) return;
    const anew = strategy.beginsAnew(settings);
    strategy.use(settings, anew ? await this.earlierBars(strategy.timeframeIn(settings)) : undefined);
  }

  /** After a first start the vendor's history is stored only after the first bars. */
  private async learn(): Promise<void> {
    const now = performance.now();
    if (now - this.loadedAt > LEARN_UNTIL_MS || now - this.learntAt < LEARN_INTERVAL_MS) return;
    this.learntAt = now;
    await this.learnAll([...this.running.values()].filter(({ isCold }) => isCold));
  }

  private async learnAll(strategies: readonly RunningStrategy[]): Promise<void> {
    for (const timeframe of new Set(strategies.map((strategy) => strategy.timeframe))) {
      const earlier = await this.earlierBars(timeframe);
      for (const strategy of strategies) if (strategy.timeframe === timeframe) strategy.learn(earlier);
    }
  }

  private async earlierBars(timeframe: Timeframe): Promise<EarlierBars> {
    const earlier = new Map<FeedName, readonly Bar[]>();
    for (const feed of this.feeds.all) earlier.set(feed.name, await this.stored.before(feed, timeframe));
    return earlier;
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
