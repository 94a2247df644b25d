import { Injectable } from '@nestjs/common';
import { type Bar, barCloseTime, MANUAL_STRATEGY, type Signal } from '@tickbridge/contracts';
import { exitSignals, type GuardedPosition, type OpenPosition } from '@tickbridge/trading-core';
import { AccountLeases } from '../accounts/account-leases';
import { TradingClock } from '../market/trading-clock';
import type { TradingFeed } from '../market/trading-feed';
import { ExitTrails } from '../portfolio/exit-trails';
import { PositionBook } from '../positions/position-book';
import { StrategyDesk } from '../strategies/strategy-desk';
import { TradingStateService } from '../trading-state/trading-state.service';
import type { FeedBar } from './bar-checkpoints';

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
    private readonly leases: AccountLeases,
    private readonly trading: TradingStateService,
    private readonly clock: TradingClock,
    private readonly exits: ExitTrails,
  ) {}

  /**
   * Acts on a bar: exits first, then entries.
   *
   * A stopped platform still guards what it holds; a halted one does nothing, and one that flattens closes everything
   * anyway.
   */
  act({ feed, bar }: FeedBar): BarOutcome {
    const calendar = feed.calendarOf(bar.symbol);
    const context = { source: feed.name, calendar, now: this.clock.now() };
    const { whole, close } = this.guard(bar, feed);
    const exits = [...exitSignals(bar, whole, context), ...exitSignals(closeOf(bar), close, context)];
    const entries = this.strategies.onBar(bar, feed);
    const state = this.trading.current;
    if (state?.mode === 'HALTED') return { signals: [], silenced: 'trading-halted' };
    if (state?.mode === 'FLATTEN') return { signals: [], silenced: 'trading-flattens' };
    if (state?.running !== true) return { signals: exits, silenced: 'trading-stopped' };
    // A strategy whose position ends with this bar does not enter again on the same bar.
    const leaving = new Set(exits.map(({ strategy }) => strategy));
    const stays = ({ strategy, symbol }: Signal) => symbol !== bar.symbol || !leaving.has(strategy);
    const signals = [...exits, ...entries.filter(stays)];
    for (const signal of signals) this.strategies.countSignal(signal);
    return { signals, silenced: null };
  }

  /** Entries as they would be given, without acting on them. */
  watch({ feed, bar }: FeedBar): Signal[] {
    const { running, mode } = this.trading.current ?? { running: false, mode: 'HALTED' };
    const entries = this.strategies.onBar(bar, feed);
    return running && (mode === 'ACTIVE' || mode === 'REDUCING') ? entries : [];
  }

  /** Lets the strategies learn from a bar that must not be acted on. */
  warmUp({ feed, bar }: FeedBar): void {
    this.strategies.onBar(bar, feed);
  }

  /** True when the bar is too old to act on. Recorded bars never are. */
  isStale({ feed, bar }: FeedBar): boolean {
    if (feed.recorded) return false;
    return this.clock.now() - barCloseTime(bar) > STALE_AFTER_INTERVALS * bar.intervalMs;
  }

  /**
   * Open positions of the bar's symbol with the levels made by the bars before it.
   *
   * @returns those that the whole bar is held against, and those that only its close is
   */
  private guard(bar: Bar, { name, calendarOf }: TradingFeed) {
    const { trails } = this.exits;
    const own = this.book.guarded(bar.symbol, (accountId) => this.leases.holds(accountId));
    const whole: GuardedPosition[] = [];
    const close: GuardedPosition[] = [];
    for (const position of own.filter(isGuarded)) {
      const range = this.strategies.rangeOf(position.strategy, name, bar.symbol);
      const settings = this.strategies.exitsOf(position.strategy);
      const guarded = trails.guard(position, settings, range, bar.openTime, calendarOf(bar.symbol));
      const byStrategy = position.strategy !== MANUAL_STRATEGY;
      const seesAll = byStrategy || position.changedAt <= bar.openTime;
      trails.follow(position, seesAll ? bar : closeOf(bar), range);
      (seesAll ? whole : close).push(byStrategy ? guarded : { ...guarded, accountId: position.accountId });
    }
    return { whole, close };
  }
}

/** What a person bought without a level a person sells; flattening takes it all the same. */
function isGuarded({ strategy, stopLoss, target }: OpenPosition): boolean {
  return strategy !== MANUAL_STRATEGY || stopLoss !== null || target !== null;
}

/** People enter, and set levels, in the middle of a bar: of what it did until then its close alone is sure to be news. */
function closeOf(bar: Bar): Bar {
  return { ...bar, open: bar.close, high: bar.close, low: bar.close };
}
