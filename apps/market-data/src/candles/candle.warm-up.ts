import { setTimeout } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import { CANDLE_INTERVAL_MS, type CandleInterval } from '@tickbridge/contracts';
import { rootMessage } from '@tickbridge/database';
import { exactSum, type StoredCandle } from '../bars/candle';
import type { Feed } from '../feeds/feed';
import type { CandleKeeper } from './candle.keeper';

/** A vendor's history of finished one-minute candles. */
export interface MinuteHistory {
  /** Oldest first; empty when there is none. Rejects when the vendor does not answer as agreed. */
  minutes(symbol: string, limit: number, before: number): Promise<StoredCandle[]>;
}

/** What to fetch, and how carefully. */
export interface WarmUpPlan {
  /** `null` when the feed has no history. */
  readonly history: MinuteHistory | null;
  readonly symbols: readonly string[];
  /** Pause between two questions (ms): the vendors count questions per second. */
  readonly pauseMs: number;
}

/** One NSE session of minutes. */
const MINUTES = 375;

/** Intervals made from the minutes. */
const COARSER: readonly CandleInterval[] = ['5m', '15m', '1h'];

/** How often the feed is looked at until it is connected (ms). */
const CONNECTED_CHECK_MS = 200;

/** A vendor has a finished minute in its history so long after its end (ms). */
const SETTLE_MS = 5_000;

/** A history that fails so often in a row is left alone. */
const MAX_FAILURES = 5;

/**
 * Fills the candles with the vendor's history once the feed is connected, in the background, one symbol after
 * the other. History is a convenience: live data do not wait for it, and its failure is only logged.
 */
export class CandleWarmUp {
  private readonly log = new Logger(CandleWarmUp.name);
  private stop = new AbortController();

  constructor(
    private readonly plan: WarmUpPlan,
    private readonly feed: Feed,
    private readonly candles: CandleKeeper,
    /** Milliseconds until the running minute is in the vendor's history. */
    private readonly untilMinuteIsHistory: () => number = untilRunningMinuteIsHistory,
  ) {}

  /**
   * This instance holds the feed from now on. The history is loaded at once, and again when the running minute is over:
   * that one began before there was a connection, and its candle lacks what was traded then.
   */
  begin(): void {
    this.run(async (history, stopped) => {
      await this.load(history, stopped);
      await pause(this.untilMinuteIsHistory(), stopped);
      await this.load(history, stopped);
    });
  }

  /** The connection was lost for longer: loads the history again once the running minute is over. */
  again(): void {
    this.run(async (history, stopped) => {
      await pause(this.untilMinuteIsHistory(), stopped);
      await this.load(history, stopped);
    });
  }

  end(): void {
    this.stop.abort();
  }

  /** One at a time: whatever is under way ends. */
  private run(work: (history: MinuteHistory, stopped: AbortSignal) => Promise<void>): void {
    const { history } = this.plan;
    this.end();
    if (history === null) return;
    this.stop = new AbortController();
    const { signal } = this.stop;
    work(history, signal).catch((error: unknown) => {
      if (!signal.aborted) this.log.warn(`history ended early: ${String(error)}`);
    });
  }

  private async load(history: MinuteHistory, stopped: AbortSignal): Promise<void> {
    while (!this.feed.connection().connected) await pause(CONNECTED_CHECK_MS, stopped);
    const startedAt = Date.now();
    let filled = 0;
    let failures = 0;
    for (const symbol of this.plan.symbols) {
      await pause(this.plan.pauseMs, stopped);
      try {
        const minutes = await history.minutes(symbol, MINUTES, startedAt);
        failures = 0;
        if (minutes.length > 0) filled += 1;
        await this.add(symbol, minutes);
      } catch (error) {
        this.log.warn(`no history of ${symbol}: ${rootMessage(error)}`);
        if (++failures === MAX_FAILURES) break;
      }
    }
    this.log.log(`history of ${filled} of ${this.plan.symbols.length} symbols loaded`);
  }

  private async add(symbol: string, minutes: StoredCandle[]): Promise<void> {
    await this.candles.addHistory(symbol, '1m', minutes);
    for (const interval of COARSER) {
      // The first may lack minutes before the history's first, the last is not over.
      await this.candles.addHistory(symbol, interval, aggregate(minutes, interval).slice(1, -1));
    }
  }
}

function pause(ms: number, stopped: AbortSignal): Promise<void> {
  return setTimeout(ms, undefined, { signal: stopped });
}

/** Until the minute that runs now is over and in the vendor's history (ms). */
function untilRunningMinuteIsHistory(): number {
  return CANDLE_INTERVAL_MS['1m'] - (Date.now() % CANDLE_INTERVAL_MS['1m']) + SETTLE_MS;
}

/** Longer candles from minutes, oldest first; the last one is as long as the minutes reach. */
export function aggregate(minutes: readonly StoredCandle[], interval: CandleInterval): StoredCandle[] {
  const intervalMs = CANDLE_INTERVAL_MS[interval];
  const result: StoredCandle[] = [];
  for (const minute of minutes) {
    const openTime = Math.floor(minute.openTime / intervalMs) * intervalMs;
    const candle = result.at(-1);
    if (candle?.openTime !== openTime) {
      result.push({ ...minute, openTime });
      continue;
    }
    candle.high = Math.max(candle.high, minute.high);
    candle.low = Math.min(candle.low, minute.low);
    candle.close = minute.close;
    candle.volume = exactSum(candle.volume, minute.volume);
    candle.trades = candle.trades === null || minute.trades === null ? null : candle.trades + minute.trades;
  }
  return result;
}
