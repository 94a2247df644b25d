import { setTimeout } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import { CANDLE_INTERVAL_MS, type CandleInterval, exactSum } from '@tickbridge/contracts';
import { rootMessage } from '@tickbridge/database';
import type { StoredCandle } from '../bars/candle';
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

/** A history that fails so often in a row is left alone for this minute. */
const MAX_FAILURES = 5;

/** Minutes in which the history of a symbol is asked for before it is given up. */
const MAX_TRIES = 3;

/**
 * Fills the candles with the vendor's history once the feed is connected, in the background, one symbol after
 * the other. History is a convenience: live data do not wait for it, and its failure is only logged.
 */
export class CandleWarmUp {
  private readonly log = new Logger(CandleWarmUp.name);
  private stop = new AbortController();
  /** Symbols whose history is to be loaded now, and those once the running minute is over. */
  private readonly now = new Set<string>();
  private readonly later = new Set<string>();
  /** Of the load under way. */
  private loading: AbortSignal | undefined;
  private readonly tries = new Map<string, number>();
  /** Called when the candles of a symbol have become the vendor's (ms since 1970, end excluded). */
  onFilled: (symbol: string, from: number, to: number) => void = () => undefined;

  constructor(
    private readonly plan: WarmUpPlan,
    private readonly feed: Feed,
    private readonly candles: CandleKeeper,
    /** Milliseconds until the running minute is in the vendor's history. */
    private readonly untilMinuteIsHistory: () => number = untilRunningMinuteIsHistory,
    private readonly clock: () => number = Date.now,
  ) {}

  /**
   * This instance holds the feed from now on. The history is loaded at once, and again when the running minute is over:
   * that one began before there was a connection, and its candle lacks what was traded then.
   */
  begin(): void {
    for (const symbol of this.plan.symbols) this.now.add(symbol);
    this.again();
  }

  /** Trades of these symbols were lost: loads their history again once the running minute is over. */
  again(symbols: readonly string[] = this.plan.symbols): void {
    for (const symbol of symbols) this.later.add(symbol);
    // What is being loaded is not begun again: their turn comes after it.
    if (this.plan.history === null || this.loading?.aborted === false) return;
    this.stop.abort();
    this.stop = new AbortController();
    const { signal } = this.stop;
    this.run(this.plan.history, signal).catch((error: unknown) => {
      if (!signal.aborted) this.log.warn(`history ended early: ${String(error)}`);
    });
  }

  end(): void {
    this.stop.abort();
    this.now.clear();
    this.later.clear();
    this.tries.clear();
  }

  private async run(history: MinuteHistory, stopped: AbortSignal): Promise<void> {
    if (this.now.size > 0) await this.load(history, stopped);
    while (this.later.size > 0) {
      await pause(this.untilMinuteIsHistory(), stopped);
      for (const symbol of this.later) this.now.add(symbol);
      this.later.clear();
      await this.load(history, stopped);
    }
  }

  private async load(history: MinuteHistory, stopped: AbortSignal): Promise<void> {
    this.loading = stopped;
    try {
      await this.loadAll(history, stopped);
    } finally {
      if (this.loading === stopped) this.loading = undefined;
    }
  }

  private async loadAll(history: MinuteHistory, stopped: AbortSignal): Promise<void> {
    while (!this.feed.connection().connected) await pause(CONNECTED_CHECK_MS, stopped);
    const wanted = this.now.size;
    let filled = 0;
    let failures = 0;
    for (const symbol of this.now) {
      await pause(this.plan.pauseMs, stopped);
      try {
        const minutes = await history.minutes(symbol, MINUTES, this.clock());
        failures = 0;
        if (minutes.length > 0) filled += 1;
        if (stopped.aborted) return;
        await this.add(symbol, minutes);
        this.tries.delete(symbol);
      } catch (error) {
        this.log.warn(`no history of ${symbol}: ${rootMessage(error)}`);
        this.postpone([symbol]);
        if (++failures === MAX_FAILURES) break;
      }
      this.now.delete(symbol);
    }
    this.postpone(this.now);
    this.now.clear();
    this.log.log(`history of ${filled} of ${wanted} symbols loaded`);
  }

  /** What failed is tried again when another minute is over. */
  private postpone(symbols: Iterable<string>): void {
    for (const symbol of symbols) {
      const tries = (this.tries.get(symbol) ?? 0) + 1;
      this.tries.set(symbol, tries);
      if (tries < MAX_TRIES) this.later.add(symbol);
      else this.tries.delete(symbol);
    }
  }

  private async add(symbol: string, minutes: readonly StoredCandle[]): Promise<void> {
    // Some vendors have candles of minutes in which nothing was traded.
    const traded = minutes.filter(({ trades }) => trades !== 0);
    await this.candles.addHistory(symbol, '1m', traded);
    for (const interval of COARSER) {
      // The first may lack minutes before the history's first, the last is not over.
      await this.candles.addHistory(symbol, interval, aggregate(traded, interval).slice(1, -1));
    }
    const [first, last] = [minutes[0], minutes.at(-1)];
    if (first !== undefined && last !== undefined) {
      this.onFilled(symbol, first.openTime, last.openTime + CANDLE_INTERVAL_MS['1m']);
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
