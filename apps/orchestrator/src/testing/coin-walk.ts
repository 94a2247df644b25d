import type { Bar } from '@tickbridge/contracts';

/** A seeded random walk of three coins with quotes: the same on every run. */
export function coinWalk(count: number): Bar[] {
  let seed = 7;
  const random = () => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    return seed / 2_147_483_648;
  };
  const prices = new Map([
    ['AAA', 100],
    ['BBB', 40],
    ['CCC', 7],
  ]);
  const bars: Bar[] = [];
  for (let index = 0; index < count; index += 1) {
    for (const [symbol, open] of prices) {
      const close = Number((open * (1 + (random() - 0.5) * 0.006)).toFixed(2));
      prices.set(symbol, close);
      bars.push({
        symbol,
        intervalMs: 5_000,
        sequence: index + 1,
        trades: 5,
        volume: 50 + random() * 200,
        openTime: Date.parse('2024-08-08T10:00:00Z') + index * 5_000,
        open,
        close,
        high: Math.max(open, close) + 0.01,
        low: Math.min(open, close) - 0.01,
        bid: close - 0.01,
        bidQuantity: 1e6,
        ask: close + 0.01,
        askQuantity: 1e6,
      });
    }
  }
  return bars;
}
