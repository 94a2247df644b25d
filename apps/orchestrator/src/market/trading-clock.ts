import { type Bar, barCloseTime } from '@tickbridge/contracts';

/** Time as trading sees it (ms since 1970). */
export abstract class TradingClock {
  abstract now(): number;

  /** Told about every bar before it is acted on. */
  abstract observe(bar: Bar): void;
}

/** Live feeds: the wall clock. */
export class WallClock extends TradingClock {
  override now(): number {
    return Date.now();
  }

  override observe(): void {
    // The wall clock needs no bars.
  }
}

/** Replays: the close of the newest bar, so that every run happens at the same time. */
export class RecordedClock extends TradingClock {
  private time: number | undefined;

  override now(): number {
    return this.time ?? Date.now();
  }

  override observe(bar: Bar): void {
    this.time = Math.max(this.time ?? 0, barCloseTime(bar));
  }
}
