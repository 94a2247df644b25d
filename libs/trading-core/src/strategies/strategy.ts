import type { Bar, SignalAction, Timeframe } from '@tickbridge/contracts';
import type { z } from 'zod';
import type { SessionCalendar } from '../sessions/session-calendar';

/** What a strategy wants done after a bar; the platform gives it an id and times. */
export interface SignalDraft {
  /** Strategies enter; leaving a position at its stop or target is the platform's work. */
  action: Exclude<SignalAction, 'EXIT'>;
  /** How far the condition was exceeded, 0 to 1. */
  strength: number;
  /** How well the confirming figures agree, 0 to 1. */
  confidence: number;
  /** Close of the bar. */
  price: number;
  stopLoss: number | null;
  target: number | null;
  /** One sentence for people, with the figures that mattered. */
  reason: string;
  /** Figures behind the decision, by name. */
  components: Record<string, number>;
}

/** Parameters by name; what each means is documented in the strategy's schema. */
export type StrategyParameters = Readonly<Record<string, number>>;

/**
 * A trading idea: a pure function of the closed bars it was shown and of its parameters.
 *
 * It never sees positions, orders or the clock, so the same bars give the same signals in backtest, replay and live.
 * State is kept per symbol; bars of one symbol come in order of time.
 */
export interface Strategy {
  readonly id: string;
  readonly parameters: StrategyParameters;

  /** Takes in one closed bar and answers with a wish, or `undefined`. */
  onBar(bar: Bar): SignalDraft | undefined;

  /** True once the symbol has shown enough bars for a decision. */
  isWarm(symbol: string): boolean;
}

/** What a strategy may know about the world besides bars. */
export interface StrategyEnvironment {
  /** Calendar that a symbol trades by. */
  calendarOf: (symbol: string) => SessionCalendar;
}

/** Entry of the strategy catalogue: description, validated parameters, and how to make an instance. */
export interface StrategyDefinition<P extends StrategyParameters = StrategyParameters> {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  /** Length of the bars it runs on while nobody chose another. */
  readonly timeframe: Timeframe;
  /** Every parameter has a default, so `parse({})` gives the default settings. */
  readonly parameters: z.ZodType<P>;
  create(parameters: P, environment: StrategyEnvironment): Strategy;
}
