import type { Bar } from '@tickbridge/contracts';

const FIRST_MS = Date.parse('2024-08-08T10:00:00Z');

function bar(symbol: string, index: number, close: number, volume: number): Bar {
  return {
    symbol,
    intervalMs: 5_000,
    openTime: FIRST_MS + index * 5_000,
    open: close,
    high: close + 0.2,
    low: close - 0.2,
    close,
    volume,
    trades: 10,
    bid: close - 0.05,
    bidQuantity: 1_000,
    ask: close + 0.05,
    askQuantity: 1_000,
    sequence: index + 1,
  };
}

/** Five quiet bars, then a close far above them on volume: momentum breakout buys. */
export function breakout(symbol: string): Bar[] {
  const quiet = [100, 100.2, 99.9, 100.1, 100].map((close, index) => bar(symbol, index, close, 100));
  return [...quiet, bar(symbol, 5, 101.5, 300)];
}

/** The bar after it falls through the stop. */
export function fallThroughStop(symbol: string): Bar[] {
  return [bar(symbol, 6, 98, 100)];
}
