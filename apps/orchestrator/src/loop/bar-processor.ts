import { Injectable } from '@nestjs/common';
import { type Bar, barCloseTime, type Signal } from '@tickbridge/contracts';
import { exitSignals } from '@tickbridge/trading-core';
import { TradingClock } from '../feed/trading-clock';
import { TradingFeed } from '../feed/trading-feed';
import { PositionBook } from '../portfolio/position-book';
import { StrategyDesk } from '../strategies/strategy-desk';
import { TradingStateService } from '../trading-state/trading-state.service';

/** A live bar whose close is further back than this many bar lengths no longer describes the market. */
const STALE_AFTER_INTERVALS = 2;

/** What a bar leads to: signals to act on, or the reason why it only taught the strategies something. */
export type BarOutcome = { signals: Signal[]; silenced: string | null };

/** Shows a bar to strategies and position guard. No I/O: the same bars give the same signals. */
@Injectable()
export class BarProcessor {
  constructor(
    private readonly strategies: StrategyDesk,
    private readonly book: PositionBook,
    private readonly trading: TradingStateService,
    private readonly feed: TradingFeed,
    private readonly clock: TradingClock,
  ) {}

  /**
   * Acts on a bar: exits first, then entries.
   *
   * A stopped platform still guards what it holds; a halted one does nothing, and one that flattens closes everything
   * anyway.
   */
  act(bar: Bar): BarOutcome {
    const context = { source: this.feed.name, calendar: this.feed.calendar, now: this.clock.now() };
    const exits = exitSignals(bar, this.book.guarded(bar.symbol), context);
    const entries = this.strategies.onBar(bar);
    const state = this.trading.current;
    if (state?.mode === 'HALTED') return { signals: [], silenced: 'trading-halted' };
    if (state?.mode === 'FLATTEN') return { signals: [], silenced: 'trading-flattens' };
    if (state?.running !== true) return { signals: exits, silenced: 'trading-stopped' };
    // A strategy whose position ends with this bar does not enter again on the same bar.
    const leaving = new Set(exits.map(({ strategy }) => strategy));
    const signals = [...exits, ...entries.filter(({ strategy }) => !leaving.has(strategy))];
    for (const signal of signals) this.strategies.countSignal(signal);
    return { signals, silenced: null };
  }

  /** Lets the strategies learn from a bar that must not be acted on. */
  warmUp(bar: Bar): void {
    this.strategies.onBar(bar);
  }

  /** True when the bar is too old to act on. Recorded bars never are. */
  isStale(bar: Bar): boolean {
    if (this.feed.recorded) return false;
    return this.clock.now() - barCloseTime(bar) > STALE_AFTER_INTERVALS * bar.intervalMs;
  }
}
