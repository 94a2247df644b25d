import { barCloseTime, type Bar } from '@tickbridge/contracts';
import { z } from 'zod';
import { MINUTE_MS, type SessionCalendar, type TradingSession } from '../sessions/session-calendar';
import { unit } from './clamp';
import { PerSymbol } from './per-symbol';
import type { SignalDraft, Strategy, StrategyDefinition } from './strategy';

const parameters = z.strictObject({
  /** Length of the opening range. */
  rangeMinutes: z.number().positive().max(240).default(15),
  /** No entry later than this after the open. */
  entryWindowMinutes: z.number().positive().max(1_440).default(120),
  /** Close beyond the range, in basis points of the price. */
  bufferBps: z.number().min(0).max(500).default(2),
  /** Target distance as a multiple of the height of the range. */
  targetRatio: z.number().positive().max(20).default(1.5),
});
type Parameters = z.infer<typeof parameters>;

interface State {
  sessionOpenTime: number | undefined;
  /** False when the first bars of the session were missed: half a range is no range. */
  fromOpen: boolean;
  high: number;
  low: number;
  complete: boolean;
  signalled: boolean;
}

/** Trades the first close outside the range of the session's first minutes, once per session and symbol. */
class OpeningRange implements Strategy {
  readonly id = 'opening-range';
  readonly #states = new PerSymbol<State>(emptyState);

  constructor(
    readonly parameters: Parameters,
    private readonly calendarOf: (symbol: string) => SessionCalendar,
  ) {}

  onBar(bar: Bar): SignalDraft | undefined {
    const state = this.#states.of(bar.symbol);
    const session = this.calendarOf(bar.symbol).sessionAt(bar.openTime);
    if (!session) return undefined;
    if (session.openTime !== state.sessionOpenTime) begin(state, bar, session);
    if (!state.fromOpen || state.signalled) return undefined;

    const rangeEnd = session.openTime + this.parameters.rangeMinutes * MINUTE_MS;
    if (barCloseTime(bar) <= rangeEnd) {
      state.high = Math.max(state.high, bar.high);
      state.low = Math.min(state.low, bar.low);
      state.complete = barCloseTime(bar) === rangeEnd;
      return undefined;
    }
    state.complete = Number.isFinite(state.high);
    const draft = this.#judge(bar, state, session);
    if (draft) state.signalled = true;
    return draft;
  }

  isWarm(symbol: string): boolean {
    return this.#states.peek(symbol)?.complete ?? false;
  }

  #judge(bar: Bar, { high, low, complete }: State, session: TradingSession): SignalDraft | undefined {
    const { bufferBps, targetRatio, rangeMinutes, entryWindowMinutes } = this.parameters;
    const closeTime = barCloseTime(bar);
    const height = high - low;
    const tooLate =
      closeTime > session.openTime + entryWindowMinutes * MINUTE_MS ||
      (session.squareOffTime !== null && closeTime >= session.squareOffTime);
    if (!complete || tooLate || height <= 0) return undefined;

    const buffer = (bar.close * bufferBps) / 10_000;
    const up = bar.close > high + buffer;
    const down = bar.close < low - buffer;
    if (!up && !down) return undefined;

    const direction = up ? 1 : -1;
    const beyond = up ? bar.close - high : low - bar.close;
    const middle = (high + low) / 2;
    const target = bar.close + direction * targetRatio * height;
    if (target <= 0) return undefined;
    return {
      action: up ? 'BUY' : 'SELL',
      strength: unit(beyond / height),
      // A range that is small against what was already crossed is easily left by chance.
      confidence: unit(height / (height + beyond + 2 * buffer)),
      price: bar.close,
      stopLoss: middle,
      target,
      reason: `Close ${bar.close} left the opening range ${low} to ${high} of the first ${rangeMinutes} minutes`,
      components: { rangeHigh: high, rangeLow: low, rangeHeight: height, beyond },
    };
  }
}

function emptyState(): State {
  return {
    sessionOpenTime: undefined,
    fromOpen: false,
    high: -Infinity,
    low: Infinity,
    complete: false,
    signalled: false,
  };
}

function begin(state: State, bar: Bar, session: TradingSession): void {
  Object.assign(state, emptyState(), {
    sessionOpenTime: session.openTime,
    // A thin symbol may miss its very first bars; later than a minute the range has no honest start.
    fromOpen: bar.openTime - session.openTime < MINUTE_MS,
  });
}

export const openingRange: StrategyDefinition<Parameters> = {
  id: 'opening-range',
  name: 'Opening range breakout',
  description: "Trades the first close outside the range of the session's first minutes.",
  timeframe: '5m',
  parameters,
  create: (values, { calendarOf }) => new OpeningRange(values, calendarOf),
};
