import { z } from 'zod';
import { isoTime, toIso } from '../platform/time';

/**
 * Closed bar of one symbol, built by the feed process from every trade.
 *
 * Bars cross the process wall without gaps, so strategies driven by bars see the same input on every run.
 */
export interface Bar {
  symbol: string;
  /** Length in milliseconds. */
  intervalMs: number;
  /** Start of the bar, inclusive (ms since 1970, exchange time). */
  openTime: number;
  open: number;
  high: number;
  low: number;
  close: number;
  /** Quantity traded within the bar. */
  volume: number;
  /** Trades within the bar. */
  trades: number;
  /** Best quote when the bar closed; `null` when the vendor sent none. */
  bid: number | null;
  bidQuantity: number | null;
  ask: number | null;
  askQuantity: number | null;
  /** Rises by one per closed bar of the feed, all symbols together; starts at 1 in each epoch. */
  sequence: number;
}

/** Last time that a date can hold (ms since 1970). */
const LAST_TIME_MS = 8_640_000_000_000_000;

/** A bar as it crosses the wall between processes; times in milliseconds since 1970. */
export const barSchema = z.object({
  symbol: z.string().min(1),
  intervalMs: z.number().int().positive(),
  openTime: z.number().int().nonnegative().max(LAST_TIME_MS),
  open: z.number().positive(),
  high: z.number().positive(),
  low: z.number().positive(),
  close: z.number().positive(),
  volume: z.number().nonnegative(),
  trades: z.number().int().positive(),
  bid: z.number().positive().nullable(),
  bidQuantity: z.number().nonnegative().nullable(),
  ask: z.number().positive().nullable(),
  askQuantity: z.number().nonnegative().nullable(),
  sequence: z.number().int().positive(),
});

/** `GET /api/v1/market-data/bars`: closed bars after a sequence, none left out. */
export const barsAnswerSchema = z.object({
  /** A restart of the feed process begins another epoch, and sequences start anew. */
  epoch: z.string(),
  bars: z.array(barSchema),
});
export type BarsAnswer = z.infer<typeof barsAnswerSchema>;

export const candleSchema = z.object({
  time: isoTime,
  open: z.number(),
  high: z.number(),
  low: z.number(),
  close: z.number(),
  volume: z.number(),
  /** `null` in a vendor's history that does not count trades. */
  trades: z.number().int().nullable(),
});

/** A bar as the candles endpoint answers it. */
export type Candle = z.infer<typeof candleSchema>;

export function barToCandle(bar: Bar): Candle {
  const { open, high, low, close, volume, trades } = bar;
  return { time: toIso(bar.openTime), open, high, low, close, volume, trades };
}

/** End of the bar, exclusive (ms since 1970). */
export function barCloseTime(bar: Bar): number {
  return bar.openTime + bar.intervalMs;
}

export const candleIntervalSchema = z.enum(['1s', '5s', '1m', '5m', '15m', '1h', '1d']);
export type CandleInterval = z.infer<typeof candleIntervalSchema>;

/** Lengths of bars that strategies run on: those of candles, from the platform's own bars up. */
export const TIMEFRAMES = ['5s', '1m', '5m', '15m', '1h', '1d'] as const satisfies readonly CandleInterval[];
export const timeframeSchema = z.enum(TIMEFRAMES);
export type Timeframe = z.infer<typeof timeframeSchema>;

export const CANDLE_INTERVAL_MS: Record<CandleInterval, number> = {
  '1s': 1_000,
  '5s': 5_000,
  '1m': 60_000,
  '5m': 300_000,
  '15m': 900_000,
  '1h': 3_600_000,
  '1d': 86_400_000,
};
