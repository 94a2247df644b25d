import type { Bar, LiveSource, Tick } from '@tickbridge/contracts';
import { BarLog } from './bar-log';
import type { Frame, Snapshot } from './frame';

/** What a frame did to the replica. */
export type Applied = 'applied' | 'old' | 'gap' | 'other-epoch';

/**
 * A reader's copy of the publisher's state: the newest tick per symbol.
 *
 * Pure bookkeeping: frames and snapshots may arrive over any source, twice, late or not at all; the copy never
 * goes backwards and says when something is missing. Ticks keep the times the feed gave them.
 */
export class Replica {
  readonly ticks = new Map<string, Tick>();
  readonly bars = new BarLog();
  private epoch_: string | undefined;
  private sequence_ = 0;
  private source_: LiveSource = 'none';
  private updatedAt_: number | null = null;
  private lostBars_ = 0;

  get epoch(): string | undefined {
    return this.epoch_;
  }

  get sequence(): number {
    return this.sequence_;
  }

  /** Source of the newest update. */
  get source(): LiveSource {
    return this.source_;
  }

  /** When the newest update was applied (ms since 1970). */
  get updatedAt(): number | null {
    return this.updatedAt_;
  }

  /** Bars that were missed and no longer to be had. */
  get lostBars(): number {
    return this.lostBars_;
  }

  /** Adopts a frame when it is the next one. Bars are not part of it: `takeBars` has their own order. */
  apply(frame: Frame, source: LiveSource): Applied {
    if (frame.epoch !== this.epoch_) return 'other-epoch';
    if (frame.sequence <= this.sequence_) return 'old';
    if (frame.sequence !== this.sequence_ + 1) return 'gap';
    for (const tick of frame.ticks) this.ticks.set(tick.symbol, tick);
    this.advance(frame.sequence, source);
    return 'applied';
  }

  /** Adopts a snapshot when it is not older than the copy. @returns the ticks that changed by it */
  reset(snapshot: Snapshot, source: LiveSource): readonly Tick[] {
    if (snapshot.epoch !== this.epoch_) {
      // A file outlives the feed process that wrote it; only a reader with nothing better starts from one.
      if (source === 'file' && this.epoch_ !== undefined) return [];
      // Symbols the new epoch does not know must not live on.
      this.ticks.clear();
      this.bars.clear();
      this.epoch_ = snapshot.epoch;
    } else if (snapshot.sequence < this.sequence_) {
      return [];
    }
    const changed = snapshot.ticks.filter((tick) => tick.sequence !== this.ticks.get(tick.symbol)?.sequence);
    for (const tick of changed) this.ticks.set(tick.symbol, tick);
    this.advance(snapshot.sequence, source);
    return changed;
  }

  /**
   * Appends the bars that come next.
   *
   * @param complete these are all the publisher still has, so a hole before them can never be filled
   * @returns the appended bars, and whether bars before the others are missing
   */
  takeBars(bars: readonly Bar[], complete = false): { next: readonly Bar[]; missing: boolean } {
    const next: Bar[] = [];
    for (const bar of bars) {
      if (bar.sequence <= this.bars.lastSequence) continue;
      if (bar.sequence !== this.bars.lastSequence + 1) {
        if (!complete) return { next, missing: true };
        // Before the first bar there is no loss, only a start later than the feed's.
        if (this.bars.lastSequence > 0) this.lostBars_ += bar.sequence - this.bars.lastSequence - 1;
      }
      this.bars.append(bar);
      next.push(bar);
    }
    return { next, missing: false };
  }

  private advance(sequence: number, source: LiveSource): void {
    this.sequence_ = sequence;
    this.source_ = source;
    this.updatedAt_ = Date.now();
  }
}
