/** Time and timers as the cache uses them, so that tests can own both. */
export abstract class Clock {
  /** Milliseconds of a clock that never steps: differences count, the origin means nothing. */
  abstract now(): number;
  /** Runs `action` once after `delayMs`. @returns cancels it */
  abstract after(delayMs: number, action: () => void): () => void;
}

/** The process's steady clock. */
export class SteadyClock extends Clock {
  now(): number {
    return performance.now();
  }

  after(delayMs: number, action: () => void): () => void {
    const timer = setTimeout(action, delayMs);
    timer.unref();
    return () => clearTimeout(timer);
  }
}
