import type { Random } from './random';

/** How a price behaves for a while. */
export type RegimeName = 'calm' | 'trend' | 'burst' | 'swing';

export interface Regime {
  name: RegimeName;
  /** Drift, log units per second. */
  drift: number;
  /** Volatility relative to the symbol's own. */
  volatility: number;
  /** Trading activity relative to the symbol's own. */
  activity: number;
  /** Pull back to the price at the regime's start, per second. */
  pull: number;
  /** Ends at (ms since 1970). */
  until: number;
}

interface Shape {
  name: RegimeName;
  weight: number;
  meanSeconds: number;
  /** Total move the drift aims at over the mean duration, fraction of the price. */
  move: readonly [number, number];
  volatility: number;
  activity: number;
  pull: number;
}

const SHAPES: readonly Shape[] = [
  { name: 'calm', weight: 0.78, meanSeconds: 80, move: [0, 0], volatility: 0.8, activity: 0.8, pull: 0 },
  {
    name: 'trend',
    weight: 0.2,
    meanSeconds: 75,
    move: [0.002, 0.006],
    volatility: 1,
    activity: 1.3,
    pull: 0,
  },
  // A rush: what breakout strategies look for.
  {
    name: 'burst',
    weight: 0.1,
    meanSeconds: 18,
    move: [0.003, 0.007],
    volatility: 1.6,
    activity: 3,
    pull: 0,
  },
  // Over and back: what mean-reversion strategies look for.
  { name: 'swing', weight: 0.08, meanSeconds: 70, move: [0, 0], volatility: 2.4, activity: 1.2, pull: 0.06 },
];

/** The next regime, from `now` (ms since 1970) on. */
export function nextRegime(random: Random, now: number): Regime {
  const shape = pick(random);
  const seconds = Math.max(5, random.exponential(shape.meanSeconds));
  const direction = random.chance(0.5) ? 1 : -1;
  return {
    name: shape.name,
    drift: (direction * random.between(...shape.move)) / shape.meanSeconds,
    volatility: shape.volatility,
    activity: shape.activity,
    pull: shape.pull,
    until: now + seconds * 1_000,
  };
}

function pick(random: Random): Shape {
  let left = random.uniform();
  for (const shape of SHAPES) {
    left -= shape.weight;
    if (left < 0) return shape;
  }
  return SHAPES[0] as Shape;
}
