import type { Random } from './random';

/** How a price behaves for a while. */
export type RegimeName = 'range' | 'trend' | 'reversal' | 'news';

export interface Regime {
  name: RegimeName;
  /** Where its drift goes: up or down. */
  direction: 1 | -1;
  /** Drift, log units per second; has the sign of the direction. */
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
  meanSeconds: number;
  /** Total move the drift aims at over the mean duration, fraction of the price. */
  move: readonly [number, number];
  volatility: number;
  activity: number;
  pull: number;
}

const SHAPES: Readonly<Record<RegimeName, Shape>> = {
  range: { meanSeconds: 1_200, move: [0, 0], volatility: 0.85, activity: 0.85, pull: 1 / 900 },
  trend: { meanSeconds: 900, move: [0.003, 0.01], volatility: 1, activity: 1.3, pull: 0 },
  reversal: { meanSeconds: 600, move: [0.003, 0.01], volatility: 1.15, activity: 1.4, pull: 0 },
  news: { meanSeconds: 60, move: [0.002, 0.008], volatility: 2, activity: 3, pull: 0 },
};

type Chances = readonly (readonly [RegimeName, number])[];

/** What follows what. Up and down are as likely. */
const NEXT: Readonly<Record<RegimeName, Chances>> = {
  range: [
    ['range', 0.35],
    ['trend', 0.55],
    ['news', 0.1],
  ],
  trend: [
    ['range', 0.5],
    ['reversal', 0.4],
    ['news', 0.1],
  ],
  reversal: [
    ['range', 0.6],
    ['trend', 0.4],
  ],
  news: [
    ['range', 0.5],
    ['trend', 0.25],
    ['reversal', 0.25],
  ],
};
/** About the share of time that each takes. */
const FIRST: Chances = [
  ['range', 0.58],
  ['trend', 0.31],
  ['reversal', 0.1],
  ['news', 0.01],
];

/**
 * The next regime, from `now` (ms since 1970) on.
 *
 * @param before the one that ended; a reversal goes against it
 */
export function nextRegime(random: Random, now: number, before?: Regime): Regime {
  const name = pick(random, before ? NEXT[before.name] : FIRST);
  const { meanSeconds, move, volatility, activity, pull } = SHAPES[name];
  const seconds = Math.max(5, random.exponential(meanSeconds));
  const tossed = random.chance(0.5) ? 1 : -1;
  const direction = name === 'reversal' && before ? (before.direction === 1 ? -1 : 1) : tossed;
  const drift = (direction * random.between(...move)) / meanSeconds;
  return { name, direction, drift, volatility, activity, pull, until: now + seconds * 1_000 };
}

function pick(random: Random, chances: Chances): RegimeName {
  let left = random.uniform();
  for (const [name, chance] of chances) {
    left -= chance;
    if (left < 0) return name;
  }
  return 'range';
}
