import { z } from 'zod';
import type { StoredCandle } from '../../candles/candle';
import { parseIstTime } from './ist-time';

const tokenSchema = z.object({
  access_token: z.string().min(1),
  expires_in: z.number().positive().optional(),
});

/** `2025-09-22T09:15:00,25238.1,25240,25230.05,25235,120300,0` */
const LINE = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}),([\d.]+),([\d.]+),([\d.]+),([\d.]+),([\d.]+)/;

const TIMEOUT_MS = 5_000;

export interface TrueDataHistoryOptions {
  authUrl: string;
  dataUrl: string;
  user: string;
  password: string;
}

/** Bars of the past over TrueData's history API, so that a chart is not empty after a start. */
export class TrueDataHistory {
  private token: Promise<string> | undefined;

  constructor(private readonly options: TrueDataHistoryOptions) {}

  /**
   * Finished one-minute bars, oldest first; empty when the vendor has none.
   *
   * @param before bars that end after this time are left out (ms since 1970): they are still growing
   * @throws Error when the vendor does not answer, or refuses the login
   */
  async minutes(symbol: string, limit: number, before: number): Promise<StoredCandle[]> {
    const query = new URLSearchParams({
      symbol,
      nbars: String(limit),
      interval: '1min',
      response: 'csv',
      bidask: '0',
    });
    const response = await fetch(`${this.options.dataUrl}/getlastnbars?${query.toString()}`, {
      headers: { authorization: `Bearer ${await this.accessToken()}` },
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    if (!response.ok) throw new Error(`status ${response.status}`);
    return parseBars(await response.text()).filter((bar) => bar.openTime + 60_000 <= before);
  }

  private accessToken(): Promise<string> {
    this.token ??= this.requestToken().catch((error: unknown) => {
      this.token = undefined;
      throw error;
    });
    return this.token;
  }

  private async requestToken(): Promise<string> {
    const { user, password, authUrl } = this.options;
    const response = await fetch(`${authUrl}/token`, {
      method: 'POST',
      body: new URLSearchParams({ username: user, password, grant_type: 'password' }),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    if (!response.ok) throw new Error(`the history login was refused with status ${response.status}`);
    return tokenSchema.parse(await response.json()).access_token;
  }
}

/** Lines that are no bars are left out: the header, and errors the vendor sends as text with status 200. */
export function parseBars(text: string): StoredCandle[] {
  return text.split(/\r?\n/).flatMap((line) => {
    const match = LINE.exec(line);
    if (match === null) return [];
    const [open, high, low, close, volume] = match.slice(2).map(Number) as [
      number,
      number,
      number,
      number,
      number,
    ];
    return [{ openTime: parseIstTime(match[1]), open, high, low, close, volume, trades: null }];
  });
}
