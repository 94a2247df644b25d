/** A tick as the platform's feeds make it; `sequence` tells it from every other. */
export function aTick(symbol, sequence) {
  const price = 1_000 + (sequence % 500) / 20;
  const now = Date.now();
  return {
    symbol,
    assetClass: 'stock',
    lastPrice: price,
    lastQuantity: 10,
    volume: 120_000 + sequence,
    open: 1_010.5,
    high: 1_030.25,
    low: 995.05,
    previousClose: 1_008,
    change: price - 1_008,
    changePercent: ((price - 1_008) / 1_008) * 100,
    bid: price - 0.05,
    bidQuantity: 250,
    ask: price + 0.05,
    askQuantity: 300,
    openInterest: null,
    eventTime: now,
    receivedAt: now,
    sequence,
    source: 'simulator',
  };
}

export const symbols = (count) => Array.from({ length: count }, (_, at) => `SYMBOL${at}`);
