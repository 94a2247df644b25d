import { setTimeout } from 'node:timers/promises';
import {
  Injectable,
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { CANDLE_INTERVAL_MS, type CandleInterval } from '@tickbridge/contracts';
import type { StoredCandle } from './candle-series';
import { CandleStore } from './candle-store';

/** A vendor's history of finished one-minute candles. */
export interface MinuteHistory {
  minutes(symbol: string, limit: number, before: number): Promise<StoredCandle[]>;
}

/** What to fetch, and how carefully. */
export abstract class WarmUpPlan {
  /** `null` when the feed has no history. */
  abstract readonly history: MinuteHistory | null;
  abstract readonly symbols: readonly string[];
  /** Pause between two questions (ms): the vendors count questions per second. */
  abstract readonly pauseMs: number;
}

/** One NSE session of minutes. */
const MINUTES = 375;

/** Intervals made from the minutes. */
const COARSER: readonly CandleInterval[] = ['5m', '15m', '1h'];

/** Fills the candles with the vendor's history, in the background, one symbol after the other. */
@Injectable()
export class CandleWarmUp implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly log = new Logger(CandleWarmUp.name);
  private readonly stop = new AbortController();

  constructor(
    private readonly plan: WarmUpPlan,
    private readonly candles: CandleStore,
  ) {}

  onApplicationBootstrap(): void {
    if (this.plan.history === null) return;
    this.run(this.plan.history).catch((error: unknown) => {
      if (!this.stop.signal.aborted) this.log.warn(`history ended early: ${String(error)}`);
    });
  }

  beforeApplicationShutdown(): void {
    this.stop.abort();
  }

  private async run(history: MinuteHistory): Promise<void> {
    const startedAt = Date.now();
    let filled = 0;
    for (const symbol of this.plan.symbols) {
      await setTimeout(this.plan.pauseMs, undefined, { signal: this.stop.signal });
      const minutes = await history.minutes(symbol, MINUTES, startedAt);
      if (minutes.length === 0) continue;
      filled += 1;
      this.candles.addHistory(symbol, '1m', minutes);
      for (const interval of COARSER) this.candles.addHistory(symbol, interval, aggregate(minutes, interval));
    }
    this.log.log(`history of ${filled} of ${this.plan.symbols.length} symbols loaded`);
  }
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
    candle.volume += minute.volume;
    candle.trades = candle.trades === null || minute.trades === null ? null : candle.trades + minute.trades;
  }
  return result;
}
