import type { Clock } from './clock';

const MAX_FAILURES = 10_000;

/** Loads that failed in this process a moment ago: the error is told again instead of loading again. */
export class Failures {
  private readonly recent = new Map<string, { error: unknown; untilMs: number }>();

  constructor(private readonly clock: Clock) {}

  /** The error of a key's failed load, while its back-off lasts. */
  of(id: string): { readonly error: unknown } | undefined {
    const failure = this.recent.get(id);
    return failure && failure.untilMs > this.clock.now() ? failure : undefined;
  }

  remember(id: string, error: unknown, backoffMs: number): void {
    if (this.recent.size >= MAX_FAILURES) this.recent.clear();
    this.recent.set(id, { error, untilMs: this.clock.now() + backoffMs });
  }

  forget(id: string): void {
    this.recent.delete(id);
  }
}
