import { Injectable } from '@nestjs/common';
import type { Signal } from '@tickbridge/contracts';
import type { Observable } from 'rxjs';
import { AccountTraders } from '../traders/account-traders';
import { PaperBroker } from '../brokers/paper/paper.broker';
import { ExitTrails } from '../portfolio/exit-trails';
import { CrashPoints } from '../crash-points/crash-points';
import { SignalDesk } from './signal-desk';
import { Flattener } from '../desk/flattener';
import { TradingStateService } from '../trading-state/trading-state.service';
import { BarCheckpoints, type FeedBar } from './bar-checkpoints';

/** The steps of the loop that touch PostgreSQL. Each is safe to repeat. */
@Injectable()
export class TradingSteps {
  constructor(
    private readonly signals: SignalDesk,
    private readonly checkpoints: BarCheckpoints,
    private readonly traders: AccountTraders,
    private readonly paper: PaperBroker,
    private readonly flattener: Flattener,
    private readonly trading: TradingStateService,
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

  /** While FLATTEN stands: tries to close what is open; halts when nothing is. */
  async flatten(): Promise<void> {
    if (this.trading.current?.mode !== 'FLATTEN') return;
    await this.flattener.cancelOrders();
    for (const exit of this.flattener.exits()) await this.signals.handleFully(exit);
    if (await this.flattener.isDone()) await this.trading.flattened();
  }
}
