import type { RedisStatus } from '@tickbridge/contracts';
import { BehaviorSubject, distinctUntilChanged, type Observable, map } from 'rxjs';

export type BreakerState = RedisStatus['breaker'];

/** Calls are kept away after so many failures in a row, the first of them so long ago: a short stall is no outage. */
const FAILURES_TO_OPEN = 3;
const FAILING_FOR_MS = 200;

/**
 * Keeps calls away from a server that does not answer.
 *
 * Callers report outcomes; the way back is decided by a probe alone, so no caller pays for finding out.
 */
export class Breaker {
  private readonly state_ = new BehaviorSubject<BreakerState>('open');
  private failures = 0;
  private failingSince = 0;
  private since: number | null = null;

  /** Whether calls may go through, now and on each change. */
  readonly available$: Observable<boolean> = this.state_.pipe(
    map((state) => state === 'closed'),
    distinctUntilChanged(),
  );

  get state(): BreakerState {
    return this.state_.value;
  }

  /** When the state last changed (ms since 1970); `null` before the first change. */
  get changedAt(): number | null {
    return this.since;
  }

  succeeded(): void {
    this.failures = 0;
    this.become('closed');
  }

  /** One failed call; enough of them in a row open the breaker. */
  failed(): void {
    const now = performance.now();
    if (this.failures === 0) this.failingSince = now;
    this.failures += 1;
    if (this.failures >= FAILURES_TO_OPEN && now - this.failingSince >= FAILING_FOR_MS) this.become('open');
  }

  /** The connection is known to be gone: no further call may find out by itself. */
  open(): void {
    this.become('open');
  }

  /** A probe is under way while calls are still kept away. */
  probing(): void {
    if (this.state === 'open') this.become('half-open');
  }

  private become(state: BreakerState): void {
    if (state === this.state) return;
    if (state === 'closed') this.failures = 0;
    // A probe does not end an outage, so its beginning stays visible.
    if (
      !(this.state === 'open' && state === 'half-open') &&
      !(this.state === 'half-open' && state === 'open')
    ) {
      this.since = Date.now();
    }
    this.state_.next(state);
  }
}
