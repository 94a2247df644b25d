import type { FeedStatus } from '@tickbridge/contracts';
import { indianInstrument } from '../../symbols/indian-symbols';

/** The vendor takes up to 1,500 symbols per message. */
const SYMBOLS_PER_MESSAGE = 1_500;

/**
 * Which symbols were asked for, which the vendor took, and the numbers it calls them by.
 *
 * Trades carry only the vendor's number; the map comes from the rows of "symbols added".
 */
export class TrueDataSubscription {
  private readonly symbolById = new Map<string, string>();
  private refused = new Map<string, string>();
  private readonly wanted: ReadonlySet<string>;

  constructor(readonly requested: readonly string[]) {
    this.wanted = new Set(requested);
  }

  /**
   * What was asked for, under the name the vendor writes: its own name counts before an alias of another.
   *
   * @returns `undefined` when nobody asked for it
   */
  requestedAs(name: string): string | undefined {
    const written = name.trim().toUpperCase();
    if (this.wanted.has(written)) return written;
    const { symbol } = indianInstrument(name);
    return this.wanted.has(symbol) ? symbol : undefined;
  }

  /** Begins anew on a new connection. @returns the symbols to ask for, in messages the vendor accepts */
  begin(maxSymbols: number): readonly (readonly string[])[] {
    this.symbolById.clear();
    this.refused = new Map(
      this.requested.slice(maxSymbols).map((symbol) => [symbol, `above the vendor's limit of ${maxSymbols}`]),
    );
    const wanted = this.requested.slice(0, maxSymbols);
    const messages: string[][] = [];
    for (let start = 0; start < wanted.length; start += SYMBOLS_PER_MESSAGE) {
      messages.push(wanted.slice(start, start + SYMBOLS_PER_MESSAGE));
    }
    return messages;
  }

  /** Learns a symbol's number. */
  learn(id: string, symbol: string): void {
    this.symbolById.set(id, symbol);
    this.refused.delete(symbol);
  }

  /** Takes the text that came instead of a row, and finds the symbol it speaks of. */
  refuse(text: string): void {
    const words = text.toUpperCase();
    const symbol = this.requestedAs(text) ?? this.longestWithin(words);
    this.refused.set(symbol ?? text, `the vendor does not know it: ${text}`);
  }

  /** @param id as it came: a number, or its text */
  symbolOf(id: unknown): string | undefined {
    return typeof id === 'string' || typeof id === 'number' ? this.symbolById.get(String(id)) : undefined;
  }

  isRefused(symbol: string): boolean {
    return this.refused.has(symbol);
  }

  refusals(): FeedStatus['symbolsRefused'] {
    return [...this.refused].map(([symbol, reason]) => ({ symbol, reason }));
  }

  /** "ITC" is part of "ITCHOTELS not found": the longest name wins. */
  private longestWithin(words: string): string | undefined {
    return this.requested.filter((symbol) => words.includes(symbol)).sort((a, b) => b.length - a.length)[0];
  }
}
