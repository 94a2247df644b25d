/**
 * The exchange's clock as its trades show it: the time of the newest trade, and what has passed here since it was read.
 * Our own clock may be off by seconds; only its pace is used. Quotes and summaries are stamped by other clocks and are
 * not heard.
 */
export class TradeClock {
  private tradedAt = Number.NEGATIVE_INFINITY;
  private readAt = 0;

  /** @param trade its exchange time, and when this process read it (both ms since 1970) */
  hear({ eventTime, readAt }: { readonly eventTime: number; readonly readAt: number }): void {
    if (eventTime < this.tradedAt) return;
    this.tradedAt = eventTime;
    this.readAt = readAt;
  }

  /**
   * @param now our clock (ms since 1970)
   * @returns the exchange's time then; `null` before the first trade
   */
  at(now: number): number | null {
    return Number.isFinite(this.tradedAt) ? this.tradedAt + Math.max(0, now - this.readAt) : null;
  }
}
