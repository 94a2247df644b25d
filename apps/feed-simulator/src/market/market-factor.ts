import type { Random } from './random';

/** The whole market's volatility: 0.6 % in a six-hour session (log units per square root of a second). */
const VOLATILITY = 0.006 / Math.sqrt(6 * 3_600);

/** Seconds after which the mood of the market has changed. */
const MOOD_SECONDS = 600;

/** What all shares have in common: a slow drift with a changing mood. */
export class MarketFactor {
  private level = 0;
  private mood = 0;

  constructor(
    private readonly random: Random,
    private time: number,
  ) {}

  /** Log level at a time (ms since 1970), for differences only. */
  levelAt(time: number): number {
    if (time <= this.time) return this.level;
    const seconds = (time - this.time) / 1_000;
    this.time = time;
    const memory = Math.exp(-seconds / MOOD_SECONDS);
    this.mood = this.mood * memory + Math.sqrt(1 - memory * memory) * this.random.normal();
    this.level +=
      (this.mood * 0.004 * seconds) / (6 * 3_600) + VOLATILITY * Math.sqrt(seconds) * this.random.normal();
    return this.level;
  }
}
