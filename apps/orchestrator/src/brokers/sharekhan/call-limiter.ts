import { setTimeout as sleep } from 'node:timers/promises';

/** After a 429 without a hint calls pause for this long, twice as long after each further one (milliseconds). */
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 30_000;

/** Calls wait here, so that the broker's own limit is met rarely. A bucket that refills evenly. */
export class CallLimiter {
  /** When the bucket would be full again, on the steady clock (milliseconds). */
  private fullAt = 0;
  private pausedUntil = 0;
  private refusals = 0;

  private readonly stepMs: number;
  /** How far ahead of the even pace calls may run (milliseconds). */
  private readonly aheadMs: number;

  /** @param perSecond the most calls in any second: a quarter of them may leave at once */
  constructor(
    perSecond: number,
    private readonly now: () => number = () => performance.now(),
  ) {
    const atOnce = Math.max(1, Math.floor(perSecond / 4));
    this.stepMs = 1_000 / Math.max(perSecond - atOnce, perSecond / 2);
    this.aheadMs = atOnce * this.stepMs;
  }

  /**
   * Waits for the turn of a call.
   *
   * @returns false when its turn would not come within `longestMs`; the call must not be made then
   */
  async turn(longestMs: number): Promise<boolean> {
    const now = this.now();
    const fullAt = Math.max(this.fullAt, now) + this.stepMs;
    const waitMs = Math.max(fullAt - now - this.aheadMs, this.pausedUntil - now, 0);
    if (waitMs > longestMs) return false;
    this.fullAt = fullAt;
    if (waitMs > 0) await sleep(waitMs);
    return true;
  }

  /** The broker said that these were too many. */
  refused(retryAfterMs: number | undefined): void {
    const pauseMs = retryAfterMs ?? Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** this.refusals);
    this.refusals += 1;
    this.pausedUntil = Math.max(this.pausedUntil, this.now() + Math.min(LONGEST_PAUSE_MS, pauseMs));
  }

  accepted(): void {
    this.refusals = 0;
  }
}
