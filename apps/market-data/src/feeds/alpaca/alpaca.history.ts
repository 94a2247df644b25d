import { z } from 'zod';
import type { StoredCandle } from '../../bars/candle';
import { type AlpacaLogin, askAlpaca } from './alpaca.rest';
import { parseRfc3339 } from './rfc3339';

const barSchema = z.object({
  t: z.string(),
  o: z.number(),
  h: z.number(),
  l: z.number(),
  c: z.number(),
  v: z.number(),
  n: z.number().optional(),
});
const pageSchema = z.object({
  // A symbol without bars is left out, or is null.
  bars: z.record(z.string(), z.array(barSchema).nullable()).nullish(),
  next_page_token: z.string().nullish(),
});

const MINUTE_MS = 60_000;
/** Far enough for a session's minutes over the longest stretch of closed days (ms). */
const REACH_MS = 7 * 24 * 3_600_000;
/** A page may hold less than was asked for; a server that never ends is left. */
const MAX_PAGES = 20;

export interface AlpacaHistoryOptions extends AlpacaLogin {
  /** `https://data.alpaca.markets` */
  readonly restUrl: string;
  /** Where its trades are from: `iex` or `sip`. */
  readonly feed: string;
}

/** Candles of the past, so that a chart is not empty after a start, and what a lost connection cost. */
export class AlpacaHistory {
  constructor(private readonly options: AlpacaHistoryOptions) {}

  /**
   * Finished one-minute candles, oldest first; minutes without a trade have none.
   *
   * @param before candles that end after this time are left out (ms since 1970): they are still growing
   * @throws Error when the vendor does not answer as agreed
   */
  async minutes(symbol: string, limit: number, before: number): Promise<StoredCandle[]> {
    const { restUrl, feed } = this.options;
    const query = {
      symbols: symbol,
      timeframe: '1Min',
      start: new Date(before - REACH_MS).toISOString(),
      end: new Date(before - MINUTE_MS).toISOString(),
      limit: String(limit),
      sort: 'desc',
      feed,
    };
    const newestFirst: StoredCandle[] = [];
    let token: string | undefined;
    for (let page = 0; page < MAX_PAGES && newestFirst.length < limit; page++) {
      const answer = await askAlpaca(
        `${restUrl}/v2/stocks/bars`,
        { ...query, ...(token !== undefined && { page_token: token }) },
        this.options,
      );
      const { bars, next_page_token: next } = pageSchema.parse(answer);
      newestFirst.push(...(bars?.[symbol] ?? []).map(candleOf));
      if (typeof next !== 'string' || next === '') break;
      token = next;
    }
    return newestFirst
      .filter(({ openTime }) => openTime + MINUTE_MS <= before)
      .slice(0, limit)
      .reverse();
  }
}

function candleOf({ t, o, h, l, c, v, n }: z.output<typeof barSchema>): StoredCandle {
  return { openTime: parseRfc3339(t), open: o, high: h, low: l, close: c, volume: v, trades: n ?? null };
}
