/** At most so often (ms), however fast the news comes: an eye does not follow more. */
const SHORTEST_PAUSE_MS = 50;

/** The tab rests this many times as long as the work took, so that answers, clicks and keys have their turn. */
const REST = 2;

/** Does work that is asked for more often than it can be done: once for all that came meanwhile, and then a rest. */
export class Pace {
  private state: 'idle' | 'due' | 'working' = 'idle';
  private asked = false;

  constructor(private readonly work: () => void) {}

  request(): void {
    this.asked = true;
    if (this.state === 'idle') this.after(0);
  }

  private after(ms: number): void {
    this.state = 'due';
    setTimeout(() => this.turn(), ms);
  }

  private turn(): void {
    if (!this.asked) {
      this.state = 'idle';
      return;
    }
    this.state = 'working';
    this.asked = false;
    const begunAt = performance.now();
    try {
      this.work();
    } finally {
      // What the work has set off, a rendering for example, is done before the next timer.
      setTimeout(() => this.after(Math.max(SHORTEST_PAUSE_MS, REST * (performance.now() - begunAt))), 0);
    }
  }
}
