import type { Bar } from '@tickbridge/contracts';
import { z } from 'zod';
import { Bands, RSI, type Band } from '../indicators';
import { unit } from './clamp';
import { Cooldown } from './cooldown';
import { PerSymbol } from './per-symbol';
import type { SignalDraft, Strategy, StrategyDefinition } from './strategy';

const parameters = z.strictObject({
  /** Bars of the mean and its deviation. */
  lookbackBars: z.number().int().min(3).max(500).default(5),
  /** How far a close must be from the mean of the bars before it, in standard deviations. */
  stretchDeviations: z.number().positive().max(10).default(3),
  rsiBars: z.number().int().min(2).max(500).default(4),
  /** At or below it a fall counts as exhausted; `100 - oversoldRsi` is the mirror for a rise. */
  oversoldRsi: z.number().min(1).max(49).default(25),
  /** Stop distance as a multiple of the way to the mean. */
  stopRatio: z.number().positive().max(20).default(1.5),
  cooldownBars: z.number().int().min(0).max(1_000).default(24),
});
type Parameters = z.infer<typeof parameters>;

/** A close far off the mean, waiting for the bar that turns back. */
interface Stretch {
  down: boolean;
  close: number;
  deviations: number;
  rsi: number;
  band: Band;
}

interface State {
  bands: Bands;
  rsi: RSI;
  stretch: Stretch | undefined;
  cooldown: Cooldown;
}

/** Buys the first rising bar after an exhausted fall, sells the first falling bar after an exhausted rise. */
class MeanReversion implements Strategy {
  readonly id = 'mean-reversion';
  readonly #states: PerSymbol<State>;

  constructor(readonly parameters: Parameters) {
    this.#states = new PerSymbol(() => ({
      bands: new Bands(parameters.lookbackBars),
      rsi: new RSI(parameters.rsiBars),
      stretch: undefined,
      cooldown: new Cooldown(parameters.cooldownBars),
    }));
  }

  onBar(bar: Bar): SignalDraft | undefined {
    const state = this.#states.of(bar.symbol);
    const draft = state.stretch && this.#turn(bar, state.stretch);
    const band = state.bands.value;
    state.bands.add(bar.close);
    const rsi = state.rsi.add(bar.close);
    state.stretch = band && rsi !== null ? this.#stretch(bar, band, rsi) : undefined;

    const quiet = state.cooldown.tick();
    if (quiet || draft === undefined) return undefined;
    state.cooldown.start();
    return draft;
  }

  isWarm(symbol: string): boolean {
    const state = this.#states.peek(symbol);
    return state !== undefined && state.bands.value !== undefined && state.rsi.isStable;
  }

  #stretch(bar: Bar, band: Band, rsi: number): Stretch | undefined {
    const { stretchDeviations, oversoldRsi } = this.parameters;
    if (band.deviation === 0) return undefined;
    const deviations = (bar.close - band.mean) / band.deviation;
    const down = deviations <= -stretchDeviations && rsi <= oversoldRsi;
    const up = deviations >= stretchDeviations && rsi >= 100 - oversoldRsi;
    return down || up ? { down, close: bar.close, deviations, rsi, band } : undefined;
  }

  #turn(bar: Bar, { down, close, deviations, rsi, band }: Stretch): SignalDraft | undefined {
    const { stopRatio, oversoldRsi, stretchDeviations } = this.parameters;
    const direction = down ? 1 : -1;
    const turned = (bar.close - close) * direction > 0;
    const way = (band.mean - bar.close) * direction;
    if (!turned || way <= 0) return undefined;

    const stopLoss = bar.close - direction * stopRatio * way;
    if (stopLoss <= 0) return undefined;
    const exhaustion = down ? rsi : 100 - rsi;
    return {
      action: down ? 'BUY' : 'SELL',
      strength: unit(Math.abs(deviations) / (Math.abs(deviations) + stretchDeviations)),
      confidence: unit(1 - exhaustion / (2 * oversoldRsi)),
      price: bar.close,
      stopLoss,
      target: band.mean,
      reason: `Turned ${down ? 'up' : 'down'} after a close ${Math.abs(deviations).toFixed(2)} deviations ${down ? 'below' : 'above'} the mean ${Number(band.mean.toPrecision(7))}, RSI ${rsi.toFixed(1)}`,
      components: { mean: band.mean, deviation: band.deviation, deviations, rsi },
    };
  }
}

export const meanReversion: StrategyDefinition<Parameters> = {
  id: 'mean-reversion',
  name: 'Mean reversion',
  description: 'Fades an exhausted move: enters on the first bar that turns back towards the mean.',
  timeframe: '5m',
  parameters,
  create: (values) => new MeanReversion(values),
};
