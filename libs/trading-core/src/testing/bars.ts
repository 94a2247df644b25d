import type { Bar } from '@tickbridge/contracts';

/** Start of the bars that tests make: the recorded morning's open at NSE, 2026-11-20 09:15 IST. */
export const FIRST_BAR_MS = Date.parse('2026-11-20T03:45:00Z');

/** A bar; what a test does not say is a quiet bar at 100. */
export function aBar(values: Partial<Bar> = {}): Bar {
  const close = values.close ?? 100;
  const open = values.open ?? close;
  return {
    symbol: 'ACME',
    intervalMs: 5_000,
    openTime: FIRST_BAR_MS,
    open,
    high: Math.max(open, close),
    low: Math.min(open, close),
    close,
    volume: 100,
    trades: 10,
    bid: null,
    bidQuantity: null,
    ask: null,
    askQuantity: null,
    sequence: 1,
    ...values,
  };
}

/** Consecutive bars, one per entry; each opens at the close before it. */
export function bars(entries: readonly (number | Partial<Bar>)[], base: Partial<Bar> = {}): Bar[] {
  const firstOpen = base.openTime ?? FIRST_BAR_MS;
  const made: Bar[] = [];
  for (const [index, entry] of entries.entries()) {
    const values = typeof entry === 'number' ? { close: entry } : entry;
    const open = values.open ?? made.at(-1)?.close ?? values.close ?? 100;
    made.push(aBar({ ...base, open, openTime: firstOpen + index * 5_000, sequence: index + 1, ...values }));
  }
  return made;
}
