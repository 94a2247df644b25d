import { randomInt } from 'node:crypto';

const TOKEN_LIMIT = 2 ** 47;

/** Chance as the cache uses it, so that a test can own it. */
export abstract class Randomness {
  /** From 0 up to, not including, 1. */
  abstract fraction(): number;
  /** A lease's token, unlike any other process's: a whole number from 1 up to 2^47. */
  abstract token(): number;
}

/** The process's own. */
export class SystemRandomness extends Randomness {
  fraction(): number {
    return Math.random();
  }

  token(): number {
    return randomInt(1, TOKEN_LIMIT);
  }
}
