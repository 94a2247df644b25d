/** Why a strategy was taken out of the loop, and when (ms since 1970). */
export interface Suspension {
  readonly at: number;
  readonly reason: string;
}

/** Time a step took: on the wall, and of the processor. Both in milliseconds. */
export interface Duration {
  wallMs: number;
  cpuMs: number;
}

/** A bar that takes longer is slow. All strategies of a bar of 175 symbols share its five seconds. */
export const BAR_BOUND_MS = 100;
/** A strategy is suspended when so many of its last bars were slow. */
const SLOW_BARS = 3;
const LAST_BARS = 100;

/**
 * Watches how long the bars of one strategy take.
 *
 * Strategies run in the one thread of the loop, so a running one cannot be interrupted: what this bounds is how often it
 * may hold up the others. A bar counts as slow when it kept the processor busy, too: a process that was paused, or had
 * to wait for its turn, is not the strategy's fault.
 */
export class SlowBarWatch {
  private recent: boolean[] = [];
  private slow = 0;
  private slowest: number | null = null;

  get slowBars(): number {
    return this.slow;
  }

  get slowestBarMs(): number | null {
    return this.slowest;
  }

  /** Takes in one bar. @returns why the strategy is to be suspended, when it is */
  add({ wallMs, cpuMs }: Duration): string | undefined {
    const tookMs = Math.min(wallMs, cpuMs);
    this.slowest = Math.max(this.slowest ?? 0, tookMs);
    const isSlow = tookMs > BAR_BOUND_MS;
    if (isSlow) this.slow += 1;
    this.recent.push(isSlow);
    if (this.recent.length > LAST_BARS) this.recent.shift();
    if (!isSlow || this.recent.filter(Boolean).length < SLOW_BARS) return undefined;
    return `${SLOW_BARS} of its last ${this.recent.length} bars took longer than ${BAR_BOUND_MS} ms, the last one ${Math.round(tookMs)} ms`;
  }

  /** The past is forgiven; the counts stay. */
  reset(): void {
    this.recent = [];
  }
}

/** Runs a step and measures it. */
export function measured<T>(step: () => T): { result: T } & Duration {
  const start = performance.now();
  const before = process.cpuUsage();
  const result = step();
  const { user, system } = process.cpuUsage(before);
  return { result, wallMs: performance.now() - start, cpuMs: (user + system) / 1_000 };
}
