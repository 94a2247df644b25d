import { recordedFrames } from './recorded-stream';

/** Candle of one minute. */
export interface Kline {
  openTime: number;
  open: string;
  high: string;
  low: string;
  close: string;
  volume: number;
  trades: number;
}

export const MINUTE_MS = 60_000;

/** One-minute candles of each symbol, computed from the trades of a recording. */
export async function klinesOf(paths: readonly string[]): Promise<Map<string, Kline[]>> {
  const bySymbol = new Map<string, Kline[]>();
  for (const path of paths) {
    for await (const { stream, text } of recordedFrames(path)) {
      if (!stream.endsWith('@trade')) continue;
      const { data } = JSON.parse(text) as { data: { s: string; p: string; q: string; T: number } };
      const klines = bySymbol.get(data.s) ?? [];
      bySymbol.set(data.s, klines);
      addTrade(klines, data.T, data.p, Number(data.q));
    }
  }
  return bySymbol;
}

function addTrade(klines: Kline[], time: number, price: string, quantity: number): void {
  const openTime = Math.floor(time / MINUTE_MS) * MINUTE_MS;
  const last = klines.at(-1);
  if (last?.openTime !== openTime) {
    klines.push({
      openTime,
      open: price,
      high: price,
      low: price,
      close: price,
      volume: quantity,
      trades: 1,
    });
    return;
  }
  if (Number(price) > Number(last.high)) last.high = price;
  if (Number(price) < Number(last.low)) last.low = price;
  last.close = price;
  last.volume += quantity;
  last.trades += 1;
}

/** As `/api/v3/klines` answers: `[openTime, o, h, l, c, v, closeTime, quoteVolume, trades, …]`. */
export function klineRow(kline: Kline): (string | number)[] {
  const { openTime, open, high, low, close, volume, trades } = kline;
  const quoteVolume = (volume * Number(close)).toFixed(8);
  const closeTime = openTime + MINUTE_MS - 1;
  return [openTime, open, high, low, close, volume.toFixed(8), closeTime, quoteVolume, trades, '0', '0', '0'];
}
