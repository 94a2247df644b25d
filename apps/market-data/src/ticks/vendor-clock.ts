import { clockRemark } from '@tickbridge/contracts';

/** The smallest delay of the newest stretch of time is looked at (ms). */
const WINDOW_MS = 60_000;

/** A difference up to this is a matter of clocks and is taken out of ages; beyond it prices count as old (ms). */
export const COMPENSATED_MS = 5_000;

/**
 * How far this machine's clock is from the vendor's, as its trades show it.
 *
 * The quickest trade of a minute took hardly any time to arrive, so what lies between its two clocks is their difference.
 * Data that are late by as much look the same; so a large difference is not taken out of ages.
 */
export class VendorClock {
  private current = new Stretch();
  private earlier: Stretch | undefined;
  private since = Number.NEGATIVE_INFINITY;

  /**
   * A trade was read.
   *
   * @param readAt our clock (ms since 1970)
   * @param eventTime the exchange's clock (ms since 1970)
   */
  observe(readAt: number, eventTime: number): void {
    const difference = readAt - eventTime;
    if (!Number.isFinite(difference)) return;
    if (readAt - this.since >= WINDOW_MS || readAt < this.since) {
      this.earlier = readAt - this.since < 2 * WINDOW_MS ? this.current : undefined;
      this.current = new Stretch();
      this.since = readAt;
    }
    this.current.add(difference);
  }

  /** Our clock less the vendor's (ms); `null` before the first trade. */
  get offsetMs(): number | null {
    const now = this.current.least;
    if (now === null) return null;
    return Math.min(now, this.earlier?.least ?? now);
  }

  /**
   * How old something was when it was read, by the exchange's clock (ms).
   *
   * @param isPlayback what comes is told to be no live market: then its clock is taken for ours, however far it is
   */
  lagMs(readAt: number, eventTime: number, isPlayback = false): number {
    const offset = this.offsetMs ?? 0;
    const taken = isPlayback || Math.abs(offset) <= COMPENSATED_MS ? offset : 0;
    return Math.max(0, readAt - eventTime - taken);
  }

  /** What people have to know of it; `null` when there is nothing remarkable. */
  get remark(): string | null {
    const remark = clockRemark(this.offsetMs, "the vendor's");
    return remark !== null && (this.offsetMs ?? 0) > 0 ? `${remark}, or its data come that late` : remark;
  }
}

/** The smallest differences of one stretch of time. */
class Stretch {
  private readonly plausible = new Least();
  /** Trades from the future: single ones are broken frames, most of all are a clock. */
  private readonly ahead = new Least();

  add(difference: number): void {
    const kind = difference < -COMPENSATED_MS ? this.ahead : this.plausible;
    kind.add(difference);
  }

  get least(): number | null {
    return (this.ahead.count > this.plausible.count ? this.ahead : this.plausible).value;
  }
}

/** The least figure but two: so a single trade that was stamped wrong says nothing. Of a few figures the least. */
class Least {
  count = 0;
  private readonly smallest: number[] = [];

  add(figure: number): void {
    this.count += 1;
    this.smallest.push(figure);
    this.smallest.sort((a, b) => a - b);
    if (this.smallest.length > 3) this.smallest.pop();
  }

  get value(): number | null {
    const at = this.count > 20 ? 2 : 0;
    return this.smallest[at] ?? null;
  }
}
