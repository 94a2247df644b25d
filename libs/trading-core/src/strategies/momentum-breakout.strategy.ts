import type { Bar } from '@tickbridge/contracts';
import { z } from 'zod';
import { ATR, PriceChannel, SMA } from '../indicators';
import { unit } from './clamp';
import { Cooldown } from './cooldown';
import { PerSymbol } from './per-symbol';
import type { SignalDraft, Strategy, StrategyDefinition } from './strategy';

const parameters = z.strictObject({
  /** Bars of the channel that must be left, and of the averages. */
  lookbackBars: z.number().int().min(2).max(500).default(5),
  /** How far beyond the channel the close must be, in average true ranges. */
  breakoutAtr: z.number().min(0).max(10).default(0.75),
  /** Volume of the bar against the average of the lookback. */
  volumeFactor: z.number().min(0).max(20).default(1.5),
  stopAtr: z.number().positive().max(50).default(2),
  targetAtr: z.number().positive().max(100).default(3),
  /** Bars without a further signal of the symbol. */
  cooldownBars: z.number().int().min(0).max(1_000).default(24),
});
type Parameters = z.infer<typeof parameters>;

interface State {
  channel: PriceChannel;
  range: ATR;
  volume: SMA;
  cooldown: Cooldown;
}

/** Buys a close above the recent highs, sells one below the recent lows, when volume agrees. */
class MomentumBreakout implements Strategy {
  readonly id = 'momentum-breakout';
  readonly #states: PerSymbol<State>;

  constructor(readonly parameters: Parameters) {
    this.#states = new PerSymbol(() => ({
      channel: new PriceChannel(parameters.lookbackBars),
      range: new ATR(parameters.lookbackBars),
      volume: new SMA(parameters.lookbackBars),
      cooldown: new Cooldown(parameters.cooldownBars),
    }));
  }

  onBar(bar: Bar): SignalDraft | undefined {
    const state = this.#states.of(bar.symbol);
    // The bar is judged against the bars before it: its own range would hide the breakout.
    const draft = this.#judge(bar, state);
    state.channel.add(bar);
    state.range.add(bar);
    state.volume.add(bar.volume);
    const quiet = state.cooldown.tick();
    if (quiet || draft === undefined) return undefined;
    state.cooldown.start();
    return draft;
  }

  isWarm(symbol: string): boolean {
    return this.#states.peek(symbol)?.channel.value !== undefined;
  }

  #judge(bar: Bar, { channel, range, volume }: State): SignalDraft | undefined {
    const { breakoutAtr, volumeFactor, stopAtr, targetAtr } = this.parameters;
    const limits = channel.value;
    const atr = range.getResult();
    const averageVolume = volume.getResult();
    if (!limits || !atr || !averageVolume) return undefined;

    const volumeRatio = bar.volume / averageVolume;
    const above = (bar.close - limits.high) / atr;
    const below = (limits.low - bar.close) / atr;
    const distance = Math.max(above, below);
    if (distance <= breakoutAtr || volumeRatio < volumeFactor) return undefined;

    const up = above > below;
    const direction = up ? 1 : -1;
    const stopLoss = bar.close - direction * stopAtr * atr;
    const target = bar.close + direction * targetAtr * atr;
    if (stopLoss <= 0 || target <= 0) return undefined;
    const edge = up ? `above the high ${limits.high}` : `below the low ${limits.low}`;
    return {
      action: up ? 'BUY' : 'SELL',
      strength: unit(distance / (distance + 1)),
      confidence: unit(volumeRatio / (volumeRatio + volumeFactor)),
      price: bar.close,
      stopLoss,
      target,
      reason: `Close ${bar.close} is ${distance.toFixed(2)} ATR ${edge} of ${this.parameters.lookbackBars} bars, volume ${volumeRatio.toFixed(2)} times its average`,
      components: {
        atr,
        channelHigh: limits.high,
        channelLow: limits.low,
        distanceAtr: distance,
        volumeRatio,
      },
    };
  }
}

export const momentumBreakout: StrategyDefinition<Parameters> = {
  id: 'momentum-breakout',
  name: 'Momentum breakout',
  description: 'Follows a close outside the price channel of the last bars, confirmed by volume.',
  timeframe: '5m',
  parameters,
  create: (values) => new MomentumBreakout(values),
};
