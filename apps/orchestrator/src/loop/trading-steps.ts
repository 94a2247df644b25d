import { Injectable } from '@nestjs/common';
import type { Signal } from '@tickbridge/contracts';
import { PositionBook } from '../portfolio/position-book';
import { SignalDesk } from '../signals/signal-desk';
import { Flattener } from '../trading-state/flattener';
import { TradingStateService } from '../trading-state/trading-state.service';
import { BarCheckpoints, type FeedBar } from './bar-checkpoints';

/** The steps of the loop that touch PostgreSQL. Each is safe to repeat. */
@Injectable()
export class TradingSteps {
  constructor(
    private readonly signals: SignalDesk,
    private readonly checkpoints: BarCheckpoints,
    private readonly book: PositionBook,
    private readonly flattener: Flattener,
    private readonly trading: TradingStateService,
  ) {}

  covers(bar: FeedBar): boolean {
    return this.checkpoints.covers(bar);
  }

  async handle(signal: Signal): Promise<void> {
    try {
      await this.signals.handle(signal);
    } catch (error) {
      // Whether the last transaction was committed is unknown: only PostgreSQL knows what is held.
      await this.book.load();
      throw error;
    }
  }

  async advance(bars: readonly FeedBar[]): Promise<void> {
    await this.checkpoints.advance(bars);
  }

  /** While FLATTEN stands: tries to close what is open; halts when nothing is. */
  async flatten(): Promise<void> {
    if (this.trading.current?.mode !== 'FLATTEN') return;
    for (const exit of this.flattener.exits()) await this.handle(exit);
    if (this.flattener.done) await this.trading.flattened();
  }
}
