import type { Bar } from '@tickbridge/contracts';

/** Bars kept for readers that start late or missed some. */
const RETAINED_BARS = 20_000;

/** The newest closed bars of an epoch, in sequence. */
export class BarLog {
  private bars: Bar[] = [];
  private last = 0;

  /** Sequence of the newest bar; 0 before the first. */
  get lastSequence(): number {
    return this.last;
  }

  append(bar: Bar): void {
    this.bars.push(bar);
    this.last = bar.sequence;
    // Cutting seldom and much keeps appending cheap.
    if (this.bars.length > RETAINED_BARS * 1.25) this.bars = this.bars.slice(-RETAINED_BARS);
  }

  /** Retained bars with a higher sequence, oldest first. */
  after(sequence: number): readonly Bar[] {
    const first = this.bars[0];
    if (first === undefined || sequence >= this.last) return [];
    return this.bars.slice(Math.max(0, sequence - first.sequence + 1));
  }

  clear(): void {
    this.bars = [];
    this.last = 0;
  }
}
