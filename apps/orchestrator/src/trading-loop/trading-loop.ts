import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import type { DependencyHealth, Signal } from '@tickbridge/contracts';
import type { Subscription } from 'rxjs';
import { retryWhileAway } from '../concurrency/retry-while-away';
import type { PositionClosing } from '../trading-state/position-closing';
import type { FeedBar } from './bar-checkpoints';
import { BarIntake } from './bar-intake';
import { FeedBars } from './feed-bars';
import { Flattening } from './flattening';
import { Recovery } from './recovery';
import { StartUp } from './start-up';
import { TradingSteps } from './trading-steps';

/** Bars that may wait while PostgreSQL is away; beyond, the oldest only warm strategies up. */
const MAX_WAITING_BARS = 50_000;
const FLATTEN_WAIT_MS = 5_000;

/**
 * The one place where trading happens: bars in sequence, one after the other, each done before the next.
 *
 * A bar is done when its signals are stored and ordered; a batch of bars is done when its checkpoint is stored.
 * While PostgreSQL is away the loop waits with what it has in hand and goes on by itself.
 */
@Injectable()
export class TradingLoop implements PositionClosing, OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger('TradingLoop');
  private readonly waiting: FeedBar[] = [];
  private readonly watched: Signal[] = [];
  private readonly stop = new AbortController();
  private subscription: Subscription | undefined;
  private takeovers: Subscription | undefined;
  private turning: Promise<void> = Promise.resolve();
  private started = false;
  private scheduled = false;
  private away: string | null = null;

  constructor(
    private readonly bars: FeedBars,
    private readonly startUp: StartUp,
    private readonly recovery: Recovery,
    private readonly intake: BarIntake,
    private readonly steps: TradingSteps,
    private readonly flattening: Flattening,
  ) {}

  onApplicationBootstrap(): void {
    void this.enqueue(() => this.start());
    this.subscription = this.bars.arriving$.subscribe((bars) => this.take(bars));
  }

  async onApplicationShutdown(): Promise<void> {
    this.subscription?.unsubscribe();
    this.takeovers?.unsubscribe();
    this.stop.abort();
    if (this.started) await this.turning;
    await this.recovery.stop();
  }

  /** Why nothing moves at the moment; `null` when all is well. */
  get blockedBy(): string | null {
    if (this.away !== null) return `PostgreSQL is away: ${this.away}`;
    return this.started ? this.steps.blockedBy : 'waiting for PostgreSQL';
  }

  /** For `/health/ready`. */
  health(): DependencyHealth {
    const reason = this.blockedBy;
    return reason === null ? { status: 'up' } : { status: 'degraded', detail: reason };
  }

  /** Closes everything; answers when done, or after five seconds while it goes on. */
  async flatten(): Promise<void> {
    const done = this.enqueue(() => this.persistently(() => this.flattening.advance()));
    let timer: NodeJS.Timeout | undefined;
    const limit = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, FLATTEN_WAIT_MS);
    });
    await Promise.race([done, limit]);
    clearTimeout(timer);
  }

  private async start(): Promise<void> {
    await this.persistently(() => this.startUp.run());
    await this.persistently(() => this.recovery.run(this.stop.signal));
    this.started = true;
    this.takeovers = this.steps.takeovers$.subscribe(() => void this.enqueue(() => this.takeOver()));
  }

  private take(bars: readonly FeedBar[]): void {
    for (const bar of bars) {
      this.intake.arrived();
      this.waiting.push(bar);
    }
    const surplus = this.waiting.length - MAX_WAITING_BARS;
    if (surplus > 0) for (const bar of this.waiting.splice(0, surplus)) this.intake.skip(bar, 'queue-full');
    if (this.scheduled) return;
    this.scheduled = true;
    void this.enqueue(() => this.drain());
  }

  private async drain(): Promise<void> {
    this.scheduled = false;
    const batch = this.waiting.splice(0);
    const actedOn: FeedBar[] = [];
    for (const bar of batch) {
      if (this.stop.signal.aborted) return;
      this.intake.see(bar);
      await this.steps.settle(bar);
      if (!this.steps.trades(bar)) {
        this.remember(this.intake.watch(bar));
        continue;
      }
      const signals = this.intake.admit(bar, this.steps.covers(bar));
      if (signals === undefined) continue;
      for (const signal of signals) await this.handle(signal);
      actedOn.push(bar);
    }
    await this.persistently(() => this.steps.advance(actedOn));
    await this.persistently(() => this.flattening.advance());
  }

  /** Keeps what another orchestrator acts on now, for as long as it is young. */
  private remember(signals: readonly Signal[]): void {
    this.watched.push(...signals);
    const now = Date.now();
    while (this.watched[0] && Date.parse(this.watched[0].expiresAt) < now) this.watched.shift();
  }

  /** Acts on what the orchestrator before this one may not have come to. Signals it stored are found and not repeated. */
  private async takeOver(): Promise<void> {
    const young = this.watched.splice(0).filter(({ expiresAt }) => Date.parse(expiresAt) > Date.now());
    for (const signal of young) await this.handle(signal);
  }

  /** A signal that cannot be handled for another reason than a missing PostgreSQL must not stop the others. */
  private async handle(signal: Signal): Promise<void> {
    try {
      await this.persistently(() => this.steps.handle(signal));
    } catch (error) {
      if (this.stop.signal.aborted) throw error;
      this.intake.failed();
      this.logger.error(error instanceof Error ? error : new Error(String(error)));
    }
  }

  private async persistently<T>(action: () => Promise<T>): Promise<T> {
    const result = await retryWhileAway(action, this.stop.signal, (reason) => (this.away = reason));
    this.away = null;
    return result;
  }

  /** Runs a task after everything before it. A failing task is logged; those after it run all the same. */
  private enqueue(task: () => Promise<void>): Promise<void> {
    this.turning = this.turning.then(task).catch((error: unknown) => {
      if (this.stop.signal.aborted) return;
      this.logger.error(error instanceof Error ? error : new Error(String(error)));
    });
    return this.turning;
  }
}
