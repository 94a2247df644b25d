import {
  type Bar,
  barCloseTime,
  CANDLE_INTERVAL_MS,
  type ExitSettings,
  type Signal,
  type Timeframe,
} from '@tickbridge/contracts';
import { SymbolRanges } from '../exits/symbol-ranges';
import { isAuction } from '../sessions/auction';
import type { SessionCalendar } from '../sessions/session-calendar';
import { isDaily } from '../sessions/trading-times';
import type { Strategy } from '../strategies/strategy';
import { BarFolder } from '../timeframes/bar-folder';
import { type EngineContext, entrySignal } from './signal-engine';

/** Circumstances of a bar; its calendar is looked up by symbol. */
export type TimeframeContext = Omit<EngineContext, 'calendar'>;

/**
 * A strategy on bars of its timeframe, folded from those that the platform builds: the same in live trading, replay and
 * backtest.
 *
 * What is finished during an auction is decided on with the first bar of continuous trading, so a bar of a day goes with the
 * next opening. A bar within the day that is known only a whole bar after its end teaches the strategy and gives no signal.
 */
export class TimeframedStrategy {
  private readonly folder: BarFolder;
  private readonly ranges = new SymbolRanges();
  private readonly seen = new Set<string>();
  private readonly waiting: Bar[] = [];

  constructor(
    readonly strategy: Strategy,
    readonly timeframe: Timeframe,
    private readonly calendarOf: (symbol: string) => SessionCalendar,
  ) {
    this.folder = new BarFolder(CANDLE_INTERVAL_MS[timeframe]);
  }

  /** Symbols of which it saw a bar. */
  get symbols(): number {
    return this.seen.size;
  }

  /** Symbols with enough bars to decide. */
  get warmSymbols(): number {
    return [...this.seen].filter((symbol) => this.strategy.isWarm(symbol)).length;
  }

  /** Average true range of bars of the timeframe; `null` before a symbol has shown enough of them. */
  rangeOf(symbol: string): number | null {
    return this.ranges.of(symbol);
  }

  /** Takes in a bar of the platform. @returns signals, of other symbols too whose bars it finished */
  onBar(bar: Bar, context: TimeframeContext, exits: Pick<ExitSettings, 'stopLoss' | 'target'>): Signal[] {
    return this.decide(bar, this.folder.take(bar), context, exits);
  }

  /** Takes in a bar of the time before, silently: it may come again and is left out then. */
  learn(bar: Bar, context: TimeframeContext, exits: Pick<ExitSettings, 'stopLoss' | 'target'>): void {
    this.decide(bar, this.folder.learn(bar), context, exits);
  }

  private decide(
    bar: Bar,
    finished: readonly Bar[],
    context: TimeframeContext,
    exits: Pick<ExitSettings, 'stopLoss' | 'target'>,
  ): Signal[] {
    this.seen.add(bar.symbol);
    this.waiting.push(...finished);
    if (isAuction(this.calendarOf(bar.symbol), bar)) return [];
    const signals: Signal[] = [];
    for (let next = this.waiting.shift(); next; next = this.waiting.shift()) {
      const calendar = this.calendarOf(next.symbol);
      if (!isAuction(calendar, next)) this.ranges.observe(next);
      const range = this.ranges.of(next.symbol);
      const signal = entrySignal(next, this.strategy, { ...context, calendar }, { exits, range });
      if (signal && !isOutdated(next, bar)) signals.push(signal);
    }
    return signals;
  }
}

function isOutdated(finished: Bar, by: Bar): boolean {
  return !isDaily(finished) && by.openTime - barCloseTime(finished) > finished.intervalMs;
}
