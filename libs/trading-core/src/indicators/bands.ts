import { BollingerBands } from 'trading-signals';

/** Mean of the closes and their standard deviation (population). */
export interface Band {
  mean: number;
  deviation: number;
}

/** Bollinger bands of the closes added so far. */
export class Bands {
  readonly #bands: BollingerBands;

  constructor(bars: number) {
    this.#bands = new BollingerBands(bars, 1);
  }

  get value(): Band | undefined {
    const result = this.#bands.getResult();
    return result ? { mean: result.middle, deviation: result.upper - result.middle } : undefined;
  }

  add(close: number): void {
    this.#bands.add(close);
  }
}
