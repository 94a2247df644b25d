import type { FeedStatus } from '@tickbridge/contracts';

/**
 * Which symbols were asked for and which the vendor took.
 *
 * A plan has a limit that the vendor does not tell: a message above it subscribes nothing (error 405), so its first half is
 * asked for by itself, and so on until the limit is full. The symbols written first are the ones that are had.
 */
export class AlpacaSubscription {
  private readonly wanted: ReadonlySet<string>;
  private queue: (readonly string[])[] = [];
  private asked: readonly string[] | undefined;
  private refused = new Map<string, string>();

  constructor(readonly requested: readonly string[]) {
    this.wanted = new Set(requested);
  }

  /** Begins anew on a new connection. @returns the symbols to ask for first; `undefined` when there are none */
  begin(): readonly string[] | undefined {
    this.refused = new Map();
    this.queue = this.requested.length === 0 ? [] : [this.requested];
    return this.next();
  }

  /**
   * The vendor says what is subscribed now.
   *
   * @returns the symbols to ask for next; `undefined` when nothing is left
   */
  accepted(subscribed: ReadonlySet<string>): readonly string[] | undefined {
    for (const symbol of this.asked ?? []) {
      if (!subscribed.has(symbol)) this.refused.set(symbol, 'the vendor did not subscribe it');
    }
    return this.next();
  }

  /** What was asked for is too much. @returns the symbols to ask for next; `undefined` when the limit is full */
  exceeded(): readonly string[] | undefined {
    const { asked = [] } = this;
    if (asked.length > 1) {
      const half = Math.ceil(asked.length / 2);
      this.queue.unshift(asked.slice(0, half), asked.slice(half));
      return this.next();
    }
    const left = [...asked, ...this.queue.flat()];
    const limit = this.requested.length - left.length - this.refused.size;
    for (const symbol of left)
      this.refused.set(symbol, `above the limit of the plan, which took ${limit} symbols`);
    this.queue = [];
    return this.next();
  }

  isWanted(symbol: unknown): symbol is string {
    return typeof symbol === 'string' && this.wanted.has(symbol);
  }

  isRefused(symbol: string): boolean {
    return this.refused.has(symbol);
  }

  refusals(): FeedStatus['symbolsRefused'] {
    return [...this.refused].map(([symbol, reason]) => ({ symbol, reason }));
  }

  private next(): readonly string[] | undefined {
    this.asked = this.queue.shift();
    return this.asked;
  }
}
