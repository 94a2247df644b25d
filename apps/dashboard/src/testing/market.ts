import type { Tick } from '@tickbridge/contracts';

/** 2026-01-05 10:00:00 IST. */
export const NOW = Date.UTC(2026, 0, 5, 4, 30);

export function tick(symbol: string, overrides: Partial<Tick> = {}): Tick {
  return {
    symbol,
    assetClass: 'stock',
    lastPrice: 100,
    lastQuantity: 1,
    volume: null,
    open: null,
    high: null,
    low: null,
    previousClose: null,
    change: null,
    changePercent: null,
    bid: null,
    bidQuantity: null,
    ask: null,
    askQuantity: null,
    openInterest: null,
    eventTime: NOW,
    tradedAt: NOW,
    receivedAt: NOW,
    lagMs: 0,
    sequence: 1,
    source: 'simulator',
    ...overrides,
  };
}
