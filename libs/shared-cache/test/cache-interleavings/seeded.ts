import { Randomness } from '../../src/cache/randomness';

/** Chance that a seed repeats (mulberry32). */
export class Seeded extends Randomness {
  private state: number;

  constructor(seed: number) {
    super();
    this.state = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b);
  }

  fraction(): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let bits = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    bits = (bits + Math.imul(bits ^ (bits >>> 7), 61 | bits)) ^ bits;
    return ((bits ^ (bits >>> 14)) >>> 0) / 4_294_967_296;
  }

  token(): number {
    return 1 + this.below(2 ** 31);
  }

  below(limit: number): number {
    return Math.floor(this.fraction() * limit);
  }

  pick<T>(from: readonly T[]): T {
    return from[this.below(from.length)] as T;
  }
}
