import type { PublishPermit } from '@tickbridge/shared-cache';

/**
 * How long this process may act as holder, by its own steady clock.
 *
 * Looked at before everything only the holder may do. It runs out by itself, so a process that slept finds it over
 * before it finds out why.
 */
export class LeaseTerm implements PublishPermit {
  private held: { fence: number; until: number } | null = null;

  constructor(private readonly now: () => number = () => performance.now()) {}

  fence(): number | null {
    return this.held !== null && this.now() < this.held.until ? this.held.fence : null;
  }

  /** Milliseconds until it runs out; 0 when it has. */
  leftMs(): number {
    return this.held === null ? 0 : Math.max(0, this.held.until - this.now());
  }

  /** @param until end of the term (steady clock, milliseconds) */
  begin(fence: number, until: number): void {
    this.held = { fence, until };
  }

  /** Never makes the term shorter, and never wakes one that is over. */
  extend(until: number): void {
    if (this.held !== null && this.leftMs() > 0) this.held.until = Math.max(this.held.until, until);
  }

  end(): void {
    this.held = null;
  }
}
