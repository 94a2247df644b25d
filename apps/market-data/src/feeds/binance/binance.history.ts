import { decimalField, jsonAnswer } from '@tickbridge/contracts';
import { z } from 'zod';
import type { StoredCandle } from '../../bars/candle';

/** `[openTime, open, high, low, close, volume, closeTime, quoteVolume, trades, …]` */
const klinesSchema = z.array(
  z
    .tuple([
      z.number(),
      decimalField,
      decimalField,
      decimalField,
      decimalField,
      decimalField,
      z.number(),
      z.unknown(),
      z.number().int(),
    ])
    .rest(z.unknown()),
);

const TIMEOUT_MS = 5_000;

/** Candles of the past, so that a chart is not empty after a start. */
export class BinanceHistory {
  /** @param baseUrl `https://data-api.binance.vision` */
  constructor(private readonly baseUrl: string) {}

  /**
   * Finished one-minute candles, oldest first.
   *
   * @param before candles that end after this time are left out (ms since 1970): they are still growing
   * @throws Error when the vendor does not answer as agreed
   */
  async minutes(symbol: string, limit: number, before: number): Promise<StoredCandle[]> {
    const query = new URLSearchParams({ symbol, interval: '1m', limit: String(limit) });
    const response = await fetch(`${this.baseUrl}/api/v3/klines?${query.toString()}`, {
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    if (!response.ok) throw new Error(`status ${response.status}`);
    const klines = klinesSchema.parse(await jsonAnswer(response));
    return klines
      .filter(([, , , , , , closeTime]) => closeTime < before)
      .map(([openTime, open, high, low, close, volume, , , trades]) => {
        return { openTime, open, high, low, close, volume, trades };
      });
  }
}
