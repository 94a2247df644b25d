/** A candle on the chart; `openTime` in ms since 1970. */
export interface ChartCandle {
  readonly openTime: number;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
}

/** The newest price, and when the exchange had it (ms since 1970). */
export interface LivePrice {
  readonly price: number;
  readonly time: number;
}

/**
 * The candle a live price belongs to.
 *
 * Within the interval of the newest candle it moves that one; after its end it begins the next, and the one before stays
 * as it was.
 *
 * @returns `undefined` for a price from before the newest candle: that one is over
 */
export function candleAt(
  newest: ChartCandle,
  { price, time }: LivePrice,
  intervalMs: number,
): ChartCandle | undefined {
  const openTime = Math.floor(time / intervalMs) * intervalMs;
  if (openTime < newest.openTime) return undefined;
  if (openTime > newest.openTime) return { openTime, open: price, high: price, low: price, close: price };
  return {
    ...newest,
    high: Math.max(newest.high, price),
    low: Math.min(newest.low, price),
    close: price,
  };
}
