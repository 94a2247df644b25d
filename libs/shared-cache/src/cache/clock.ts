/** Time and timers as the cache uses them, so that tests can own both. */
export abstract class Clock {
  /** Milliseconds of a clock that never steps: differences count, the origin means nothing. */
  abstract now(): number;
  /** `now`, up to a millisecond late, or as late as the process is busy: cheap enough for every read of memory. */
  abstract coarse(): number;
  /** Runs `action` once after `delayMs`. @returns cancels it */
  abstract after(delayMs: number, action: () => void): () => void;
}

/** The process's steady clock. */
export class SteadyClock extends Clock {
  private recent = 0;
  private readonly forget = () => {
    this.recent = 0;
  };

  now(): number {
    return performance.now();
  }

  coarse(): number {
    if (this.recent === 0) {
      this.recent = performance.now();
      setTimeout(this.forget, 1).unref();
    }
    return this.recent;
  }

  after(delayMs: number, action: () => void): () => void {
    const timer = setTimeout(action, delayMs);
    timer.unref();
    return () => clearTimeout(timer);
  }
}
