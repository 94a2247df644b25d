import { Injectable } from '@nestjs/common';
import type { Signal } from '@tickbridge/contracts';
import type { Observable } from 'rxjs';
import { PaperBroker } from '../brokers/paper/paper.broker';
import { CrashPoints } from '../crash-points/crash-points';
import { ExitTrails } from '../portfolio/exit-trails';
import { AccountTraders } from '../traders/account-traders';
import { BarCheckpoints, type FeedBar } from './bar-checkpoints';
import { SignalDesk } from './signal-desk';

/** The steps of the loop that touch PostgreSQL. Each is safe to repeat. */
@Injectable()
export class TradingSteps {
  constructor(
    private readonly signals: SignalDesk,
    private readonly checkpoints: BarCheckpoints,
    private readonly traders: AccountTraders,
    private readonly paper: PaperBroker,
    private readonly crash: CrashPoints,
    private readonly trails: ExitTrails,
  ) {}

  /** An account was taken that was another orchestrator's, or nobody's, before. */
  get takeovers$(): Observable<void> {
    return this.traders.began$;
  }

  /** Why no account trades at the moment; `null` when one does. */
  get blockedBy(): string | null {
    return this.traders.blockedBy;
  }

  covers(bar: FeedBar): boolean {
    return this.checkpoints.covers(bar);
  }

  /** True while this process trades an account of the bar's feed. */
  trades({ feed }: FeedBar): boolean {
    return this.traders.tradesFeed(feed.name);
  }

  /** In a replay: everything the bar does to resting orders is booked before anything is decided on it. */
  async settle({ feed, bar }: FeedBar): Promise<void> {
    if (!feed.recorded) return;
    await this.paper.observe(bar);
    await this.traders.idle();
  }

  async handle(signal: Signal): Promise<void> {
    await this.signals.handle(signal);
  }

  async advance(bars: readonly FeedBar[]): Promise<void> {
    await this.trails.store();
    this.crash.reach('checkpoint.store');
    await this.checkpoints.advance(bars);
    this.crash.reach('checkpoint.stored');
  }
}
