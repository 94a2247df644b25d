import type { Bar } from '@tickbridge/contracts';
import { DonchianChannels } from 'trading-signals';

/** Highest high and lowest low of the last bars. */
export interface Channel {
  high: number;
  low: number;
}

/**
 * Channel of the bars before the current one.
 *
 * A bar that is part of its own channel can never leave it, so `value` is read before `add`.
 */
export class PriceChannel {
  readonly #channel: DonchianChannels;

  constructor(bars: number) {
    this.#channel = new DonchianChannels(bars);
  }

  /** Channel of all bars added so far; `undefined` until there are enough. */
  get value(): Channel | undefined {
    const result = this.#channel.getResult();
    return result ? { high: result.upper, low: result.lower } : undefined;
  }

  add(bar: Bar): void {
    this.#channel.add(bar);
  }
}
