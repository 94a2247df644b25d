/** Keeps a symbol quiet for some bars after a signal. */
export class Cooldown {
  #barsLeft = 0;

  constructor(private readonly bars: number) {}

  /** Counts one bar. @returns true while signals must be held back */
  tick(): boolean {
    if (this.#barsLeft === 0) return false;
    this.#barsLeft -= 1;
    return true;
  }

  start(): void {
    this.#barsLeft = this.bars;
  }
}
