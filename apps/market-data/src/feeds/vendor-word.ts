/** What a vendor said of itself, unasked for its shape: kept as it came, and read as far as it can be understood. */
export class VendorWord {
  private text: string | null = null;
  private at = 0;

  /**
   * @param text any text; shortened
   * @param now ms since 1970
   */
  hear(text: string, now: number): void {
    this.text = text.slice(0, KEPT_LENGTH);
    this.at = now;
  }

  /** The last word and when it came (ms since 1970); `null` when nothing was said. */
  get last(): { text: string; at: number } | null {
    return this.text === null ? null : { text: this.text, at: this.at };
  }

  /**
   * Whether the market is open by the last word. Several markets may be named: one that is open is enough.
   *
   * @returns `null` when nothing was said lately, or nothing of it speaks of open or closed
   */
  state(now: number): 'open' | 'closed' | null {
    if (this.text === null || now - this.at > TRUSTED_MS) return null;
    // Names of fields say nothing: `{"open":false}`.
    const said = this.text.toLowerCase().replace(/"[^"]*"\s*:/g, ' ');
    const words: readonly string[] = said.match(/[a-z]+/g) ?? [];
    if (words.some((word) => word === 'open' || word === 'opened')) return 'open';
    return words.some((word) => /^(?:closed?|holiday)$/.test(word)) ? 'closed' : null;
  }
}

/** Bounds what a vendor can make us keep and show (characters). */
const KEPT_LENGTH = 500;

/** Older than this it no longer says how things are; it is asked for again every minute. */
const TRUSTED_MS = 180_000;
