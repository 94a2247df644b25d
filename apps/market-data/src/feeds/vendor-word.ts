import type { VendorStatus } from '@tickbridge/trading-core';
import { wordAbout } from './word-about';

/** What a vendor said of itself, unasked for its shape: kept as it came, and read as far as it can be understood. */
export class VendorWord {
  private text: string | null = null;
  private at = 0;
  private since = 0;

  /**
   * @param text any text; shortened
   * @param now ms since 1970
   */
  hear(text: string, now: number): void {
    const kept = text.slice(0, KEPT_LENGTH);
    // A time stamp within the text, or another market's word, is no news of this one.
    if (this.text === null || readState(kept) !== readState(this.text)) this.since = now;
    this.text = kept;
    this.at = now;
  }

  /** The last word and when it came (ms since 1970); `null` when nothing was said. */
  get last(): { text: string; at: number } | null {
    return this.text === null ? null : { text: this.text, at: this.at };
  }

  /**
   * Whether a market is open by the last word, and since when the vendor says the same.
   *
   * @param names what the vendor may call the market; where it names none of them, its whole word counts
   * @returns `null` when nothing was said lately, or nothing of it speaks of open or closed
   */
  status(now: number, names: readonly string[]): VendorStatus | null {
    if (this.text === null || now - this.at > TRUSTED_MS) return null;
    const state = readState(wordAbout(this.text, names) ?? this.text);
    return state === null ? null : { state, since: this.since, saidAt: this.at };
  }
}

/** Several markets may be named: one that is open is enough. */
function readState(text: string): 'open' | 'closed' | null {
  // Names of fields say nothing: `{"open":false}`.
  const said = text
    .toLowerCase()
    .replace(/"[^"]*"\s*:/g, ' ')
    .replace(/\b(?:not|pre)[\s_-]*open(?:ed)?\b/g, ' closed ')
    .replace(/\b(?:will|to|re)[\s_-]*open\b/g, ' ');
  const words: readonly string[] = said.match(/[a-z]+/g) ?? [];
  if (words.some((word) => word === 'open' || word === 'opened')) return 'open';
  return words.some((word) => /^(?:closed?|holiday)$/.test(word)) ? 'closed' : null;
}

/** Bounds what a vendor can make us keep and show (characters). */
const KEPT_LENGTH = 500;

/** Older than this it no longer says how things are; it is asked for again every minute. */
const TRUSTED_MS = 180_000;
