import type { CandleInterval } from '@tickbridge/contracts';
import type { NamedCandle } from '../bars/candle';
import { CANDLE_INTERVALS, CANDLE_POLICY } from './candle.policy';

/**
 * Candles on their way to PostgreSQL. Of one candle only the newest state waits; of one interval no more than its
 * policy allows: while PostgreSQL is away the oldest go first, and are counted.
 */
export class CandleQueue {
  private readonly waiting = new Map<CandleInterval, Map<string, NamedCandle>>(
    CANDLE_INTERVALS.map((interval) => [interval, new Map()]),
  );
  private given = 0;

  get size(): number {
    let size = 0;
    for (const candles of this.waiting.values()) size += candles.size;
    return size;
  }

  /** Candles given up because too many waited. */
  get givenUp(): number {
    return this.given;
  }

  put(candle: NamedCandle): void {
    const candles = this.of(candle.interval);
    candles.set(keyOf(candle), candle);
    if (candles.size <= CANDLE_POLICY[candle.interval].waiting) return;
    // A map keeps the order of first arrival.
    for (const oldest of candles.keys()) {
      candles.delete(oldest);
      this.given += 1;
      break;
    }
  }

  /** Takes up to `limit` candles out, long intervals first: they are few and hold the most. */
  take(limit: number): NamedCandle[] {
    const taken: NamedCandle[] = [];
    for (const interval of [...CANDLE_INTERVALS].reverse()) {
      const candles = this.of(interval);
      for (const [key, candle] of candles) {
        if (taken.length === limit) return taken;
        candles.delete(key);
        taken.push(candle);
      }
    }
    return taken;
  }

  /** Puts candles back that could not be written; where a newer state waits by now, that one stays. */
  giveBack(candles: readonly NamedCandle[]): void {
    for (const candle of candles) if (!this.of(candle.interval).has(keyOf(candle))) this.put(candle);
  }

  clear(): void {
    for (const candles of this.waiting.values()) candles.clear();
  }

  private of(interval: CandleInterval): Map<string, NamedCandle> {
    return this.waiting.get(interval) as Map<string, NamedCandle>;
  }
}

/** Within one interval; a number cannot be mistaken for part of a symbol. */
function keyOf({ openTime, symbol }: NamedCandle): string {
  return `${openTime} ${symbol}`;
}
