import { decimalOf, jsonAnswer } from '@tickbridge/contracts';
import { z } from 'zod';
import type { StoredCandle } from '../../bars/candle';
import { formatIstTime, parseIstTime } from './ist-time';

const tokenSchema = z.object({
  access_token: z.string().min(1),
  expires_in: z.number().positive().optional(),
});

/** `2025-09-22T09:15:00,25238.1,25240,25230.05,25235,120300,0` */
const LINE = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}),([\d.]+),([\d.]+),([\d.]+),([\d.]+),([\d.]+)/;

const TIMEOUT_MS = 5_000;

/** A trade as the history tells it: without a number. */
export interface HistoryTick {
  /** Whole second, ms since 1970. */
  readonly eventTime: number;
  readonly price: number;
  readonly quantity: number;
}

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

  /**
   * Trades between two moments, both seconds included, in the order they happened; empty when the vendor has none.
   *
   * @param from ms since 1970; the vendor knows whole seconds
   * @throws Error when the vendor does not answer as agreed, its quota included
   */
  async ticks(symbol: string, from: number, to: number): Promise<HistoryTick[]> {
    const query = new URLSearchParams({
      symbol,
      from: queryTime(from),
      to: queryTime(to),
      bidask: '0',
      response: 'csv',
    });
    const response = await fetch(`${this.options.dataUrl}/getticks?${query.toString()}`, {
      headers: { authorization: `Bearer ${await this.accessToken()}` },
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    if (!response.ok) throw new Error(`status ${response.status}`);
    return parseTicks(await response.text());
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
    return tokenSchema.parse(await jsonAnswer(response)).access_token;
  }
}

/** As the vendor wants it, Indian time: `250922T09:15:00`. */
function queryTime(epochMs: number): string {
  return formatIstTime(epochMs).slice(2).replace('-', '').replace('-', '');
}

/**
 * Trades of a CSV answer. Columns are found by their names, `timestamp`, `ltp` and `volume`, so more of them or another
 * order does no harm.
 *
 * @throws Error with the vendor's words when the answer is none: it tells errors as text with status 200
 */
export function parseTicks(text: string): HistoryTick[] {
  const [header = '', ...lines] = text.trim().split(/\r?\n/);
  if (header === '' || /^no data/i.test(header)) return [];
  const columns = header
    .toLowerCase()
    .split(',')
    .map((name) => name.trim());
  const [time, price, quantity] = ['timestamp', 'ltp', 'volume'].map((name) => columns.indexOf(name));
  if (time === undefined || price === undefined || quantity === undefined) return [];
  if (time < 0 || price < 0 || quantity < 0) throw new Error(`the history says: ${header.slice(0, 100)}`);
  return lines.flatMap((line) => {
    const fields = line.split(',');
    const tick = {
      eventTime: parseIstTime(fields[time]),
      price: decimalOf(fields[price]),
      quantity: decimalOf(fields[quantity]),
    };
    return Object.values(tick).every(Number.isFinite) ? [tick] : [];
  });
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
