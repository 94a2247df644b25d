const SYMBOLS = 175;

/** A quote as services cache it: about 300 bytes as JSON. */
export function quote(sequence) {
  const price = 1_400 + (sequence % 997) / 4;
  return {
    symbol: `SYMBOL${String(sequence % SYMBOLS).padStart(3, '0')}`,
    assetClass: 'stock',
    lastPrice: price,
    volume: 1_804_311 + sequence,
    open: price - 12.35,
    high: price + 8.05,
    low: price - 19.9,
    previousClose: price - 7.15,
    changePercent: 0.4931,
    bid: price - 0.05,
    bidQuantity: 130,
    ask: price + 0.05,
    askQuantity: 85,
    eventTime: '2026-11-20T09:31:04.250Z',
    source: 'simulator',
    sequence,
  };
}

/** The market at one glance, 175 symbols: what a dashboard asks for, about 50 KB as JSON. */
export function market(sequence) {
  const quotes = Array.from({ length: SYMBOLS }, (_, at) => quote(sequence + at));
  return { sequence, asOf: '2026-11-20T09:31:04.250Z', quotes };
}

/** Life of everything written here (milliseconds): longer than any run. */
export const LIFE_MS = 600_000;

/** Keys `<prefix>0`, `<prefix>1`, … */
export const someKeys = (count, prefix = 'quote-') =>
  Array.from({ length: count }, (_, at) => `${prefix}${at}`);

/** Writes a value under each key, one after the other. */
export async function fill(cache, keys, make = quote) {
  for (const [at, key] of keys.entries()) await cache.set(key, make(at));
}
