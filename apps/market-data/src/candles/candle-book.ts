import { CANDLE_INTERVAL_MS, type CandleInterval } from '@tickbridge/contracts';
import type { CandleTrade, NamedCandle, StoredCandle } from '../bars/candle';
import { CandleWindow } from './candle-window';
import {
  CANDLE_INTERVALS,
  FINISH_GRACE_MS,
  isSavedUnfinished,
  LATE_LIMIT_MS,
  SAVE_UNFINISHED_MS,
} from './candle.policy';

interface Entry {
  readonly window: CandleWindow;
  /** The newest candle has changed since it was handed on. */
  changed: boolean;
}

/** Largest number of candles one question may ask for. */
export const MAX_CANDLES = 1_000;

/**
 * The newest candles of all symbols and intervals, built from every trade.
 *
 * `keep` is called with each candle worth keeping: when it is finished, when a late trade amended it, and now and then
 * while it grows.
 */
export class CandleBook {
  private readonly entries = new Map<string, Map<CandleInterval, Entry>>();
  private clock = Number.NEGATIVE_INFINITY;
  private savedAt = Number.NEGATIVE_INFINITY;
  private knownUntil = Number.NEGATIVE_INFINITY;
  private amended = 0;
  private dropped = 0;

  constructor(private readonly keep: (candle: NamedCandle) => void = () => undefined) {}

  /** Newest event time of any trade (ms since 1970); `null` before the first. */
  get exchangeTime(): number | null {
    return Number.isFinite(this.clock) ? this.clock : null;
  }

  /** Late trades by what became of them, each counted once per candle it concerned. */
  get lateTrades(): { amended: number; dropped: number } {
    return { amended: this.amended, dropped: this.dropped };
  }

  /** Memory of all candles (bytes). */
  get bytes(): number {
    let bytes = 0;
    for (const entries of this.entries.values())
      for (const { window } of entries.values()) bytes += window.bytes;
    return bytes;
  }

  /** @returns whether its minute has it; longer candles have what their minutes have, and nothing else */
  addTrade(trade: CandleTrade): boolean {
    const { symbol, eventTime } = trade;
    if (eventTime > this.clock) this.clock = eventTime;
    const entries = this.entriesOf(symbol);
    const isInHistory = entries.get('1m')?.window.isComplete(eventTime) === true;
    const tooOld = trade.isFill ? Number.NEGATIVE_INFINITY : this.clock - LATE_LIMIT_MS;
    let isTaken = true;
    for (const [interval, entry] of entries) {
      if (isInHistory && CANDLE_INTERVAL_MS[interval] >= CANDLE_INTERVAL_MS['1m']) continue;
      const before = entry.window.newestOpenTime;
      const effect = isTaken ? entry.window.addTrade(trade, tooOld) : 'too-late';
      if (effect === 'too-late') {
        this.dropped += 1;
        if (interval === '1m') isTaken = false;
      } else if (effect === 'held') {
        continue;
      } else if (effect === 'amended') {
        this.amended += 1;
        this.handOn(symbol, interval, entry.window.get(entry.window.openTimeOf(eventTime)));
      } else {
        if (effect === 'began' && before !== undefined && entry.changed) {
          this.handOn(symbol, interval, entry.window.get(before));
        }
        entry.changed = true;
      }
    }
    return isTaken;
  }

  /**
   * Hands on what is finished by now, and at times what is not.
   *
   * @param exchangeTime time by which candles are finished (ms since 1970)
   */
  handOnFinished(exchangeTime: number): void {
    const saves = exchangeTime - this.savedAt >= SAVE_UNFINISHED_MS;
    if (saves) this.savedAt = exchangeTime;
    this.handOnIf(
      (interval, openTime) =>
        openTime + CANDLE_INTERVAL_MS[interval] + FINISH_GRACE_MS <= exchangeTime ||
        (saves && isSavedUnfinished(interval)),
    );
  }

  /** Hands on everything that changed: nothing more will come. */
  handOnAll(): void {
    this.handOnIf(() => true);
  }

  /** Adds what earlier terms left of candles that may still change. */
  addKnown(known: readonly NamedCandle[], exchangeTime: number): void {
    this.knownUntil = exchangeTime;
    for (const { symbol, interval, ...candle } of known) {
      const entry = this.entriesOf(symbol).get(interval) as Entry;
      const finished = candle.openTime + CANDLE_INTERVAL_MS[interval] <= exchangeTime;
      if (!entry.window.addKnown(candle, finished)) continue;
      this.handOn(symbol, interval, entry.window.get(candle.openTime));
    }
  }

  /** Adds a vendor's history of finished candles. */
  addHistory(symbol: string, interval: CandleInterval, history: readonly StoredCandle[]): void {
    const entry = this.entriesOf(symbol).get(interval) as Entry;
    for (const candle of history) entry.window.addHistory(candle);
  }

  /**
   * Adds a vendor's history of finished minutes, and what they have more than the minutes here to the longer candles,
   * the unfinished ones included.
   *
   * @param minutes oldest first, none left out between the first and the last that had a trade
   */
  addMinutes(symbol: string, minutes: readonly StoredCandle[]): void {
    const [first] = minutes;
    const entries = this.entriesOf(symbol);
    for (const minute of minutes) {
      const difference = (entries.get('1m') as Entry).window.addHistory(minute);
      if (difference === undefined || first === undefined) continue;
      for (const [interval, entry] of entries) {
        if (CANDLE_INTERVAL_MS[interval] <= CANDLE_INTERVAL_MS['1m']) continue;
        const openTime = entry.window.openTimeOf(minute.openTime);
        if (!entry.window.addMissing(minute, difference, first.openTime <= openTime, this.knownUntil))
          continue;
        if (openTime === entry.window.newestOpenTime) entry.changed = true;
        else this.handOn(symbol, interval, entry.window.get(openTime));
      }
    }
  }

  /** The newest candles, oldest first; empty when the symbol never traded here. */
  latest(symbol: string, interval: CandleInterval, limit: number): StoredCandle[] {
    return this.entries.get(symbol)?.get(interval)?.window.latest(limit) ?? [];
  }

  clear(): void {
    this.entries.clear();
    this.clock = Number.NEGATIVE_INFINITY;
    this.savedAt = Number.NEGATIVE_INFINITY;
    this.knownUntil = Number.NEGATIVE_INFINITY;
  }

  private handOnIf(due: (interval: CandleInterval, openTime: number) => boolean): void {
    for (const [symbol, entries] of this.entries) {
      for (const [interval, entry] of entries) {
        const { newestOpenTime } = entry.window;
        if (!entry.changed || newestOpenTime === undefined || !due(interval, newestOpenTime)) continue;
        entry.changed = false;
        this.handOn(symbol, interval, entry.window.get(newestOpenTime));
      }
    }
  }

  private handOn(symbol: string, interval: CandleInterval, candle: StoredCandle | undefined): void {
    if (candle !== undefined) this.keep({ symbol, interval, ...candle });
  }

  private entriesOf(symbol: string): Map<CandleInterval, Entry> {
    let entries = this.entries.get(symbol);
    if (entries === undefined) {
      entries = new Map(
        CANDLE_INTERVALS.map((interval) => [
          interval,
          { window: new CandleWindow(interval), changed: false },
        ]),
      );
      this.entries.set(symbol, entries);
    }
    return entries;
  }
}
