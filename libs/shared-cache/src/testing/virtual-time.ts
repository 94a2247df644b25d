import { Clock } from '../cache/clock';

interface Timer {
  readonly at: number;
  readonly action: () => void;
}

/** Time that passes only when a test says so. Timers run in the order they fall due. */
export class VirtualTime {
  private now_ = 0;
  private timers: Timer[] = [];

  /** Milliseconds since the test began. */
  get now(): number {
    return this.now_;
  }

  /** When the next timer falls due; `undefined` when none runs. */
  get nextTimerAt(): number | undefined {
    return this.timers.length === 0 ? undefined : Math.min(...this.timers.map(({ at }) => at));
  }

  after(delayMs: number, action: () => void): () => void {
    const timer = { at: this.now_ + delayMs, action };
    this.timers.push(timer);
    return () => {
      this.timers = this.timers.filter((other) => other !== timer);
    };
  }

  /** Lets time pass, and runs what falls due on the way. */
  advance(byMs: number): void {
    const end = this.now_ + byMs;
    for (let due = this.nextTimerAt; due !== undefined && due <= end; due = this.nextTimerAt) {
      const timer = this.timers.find(({ at }) => at === due);
      this.timers = this.timers.filter((other) => other !== timer);
      this.now_ = Math.max(this.now_, due);
      timer?.action();
    }
    this.now_ = end;
  }
}

/** One process's clock: the same pace as every other's, another origin. */
export class VirtualClock extends Clock {
  constructor(
    readonly time: VirtualTime,
    readonly originMs: number,
  ) {
    super();
  }

  now(): number {
    return this.time.now + this.originMs;
  }

  coarse(): number {
    return this.now();
  }

  after(delayMs: number, action: () => void): () => void {
    return this.time.after(delayMs, action);
  }
}
