import { decimalField, jsonAnswer } from '@tickbridge/contracts';
import { setTimeout } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import { z } from 'zod';
import type { TradeUpdate } from '../../ticks/market-update';
import type { FeedSink } from '../feed-sink';

/** `a` number of the answer's row, `p`rice, `q`uantity, `f`irst and `l`ast trade in it, `T`ime. */
const aggregatesSchema = z.array(
  z.object({
    a: z.number().int(),
    p: decimalField,
    q: decimalField,
    f: z.number().int(),
    l: z.number().int(),
    T: z.number(),
  }),
);
type Aggregate = z.output<typeof aggregatesSchema>[number];

/** Trades that did not arrive, both ends included. */
interface Gap {
  readonly symbol: string;
  readonly from: number;
  readonly to: number;
  /** Time of the last trade before them (ms since 1970). */
  readonly since: number;
}

/** The newest trade of a symbol. */
interface Last {
  readonly number: number;
  readonly time: number;
  /** A connection has begun since: the vendor may number from the beginning. */
  mayRestart: boolean;
}

const PAGE = 1_000;
/** A gap longer than this many pages is left to the candles' history. */
const MAX_PAGES = 50;
const MAX_ATTEMPTS = 5;
const TIMEOUT_MS = 5_000;
/** Pause between questions (ms): the vendor counts them. */
const PAUSE_MS = 100;

/**
 * Fetches the trades that a lost connection cost. Numbers of trades are contiguous per symbol, so a gap is certain, and
 * so is its end. What is fetched is late: it completes candles and is no news.
 */
export class BinanceGapFill {
  private readonly log = new Logger(BinanceGapFill.name);
  private readonly last = new Map<string, Last>();
  private stopped = new AbortController();
  private work: Promise<void> = Promise.resolve();

  /** @param baseUrl `https://data-api.binance.vision` */
  constructor(
    private readonly baseUrl: string,
    private readonly sink: FeedSink,
    private readonly now: () => number,
  ) {}

  start(): void {
    this.stopped = new AbortController();
  }

  /** Ends what is under way. */
  stop(): void {
    this.stopped.abort();
  }

  /** A connection that delivers these symbols begins. */
  connectionStarted(symbols: readonly string[]): void {
    for (const symbol of symbols) {
      const last = this.last.get(symbol);
      if (last !== undefined) last.mayRestart = true;
    }
  }

  /** Looks whether trades are missing before this one. */
  see({ symbol, tradeNumber, eventTime }: TradeUpdate): void {
    if (tradeNumber === null || !Number.isSafeInteger(tradeNumber)) return;
    const last = this.last.get(symbol);
    // Numbers that begin anew do not say how many trades went by; the gate, which sees it too, has the candles asked for.
    const isAfter =
      last === undefined ||
      (tradeNumber > last.number ? eventTime >= last.time : last.mayRestart && eventTime > last.time);
    if (!isAfter) return;
    this.last.set(symbol, { number: tradeNumber, time: eventTime, mayRestart: false });
    if (last === undefined || tradeNumber <= last.number + 1) return;
    const gap = { symbol, from: last.number + 1, to: tradeNumber - 1, since: last.time };
    const { signal } = this.stopped;
    // One after the other: several symbols lose their trades at once.
    this.work = this.work.then(() => this.fill(gap, signal));
  }

  private async fill(gap: Gap, stopped: AbortSignal): Promise<void> {
    const missed = gap.to - gap.from + 1;
    try {
      const fetched = await this.fetchGap(gap, stopped);
      this.log.log(`${gap.symbol}: ${fetched} of ${missed} missed trades fetched`);
      if (fetched === missed) return;
    } catch (error) {
      if (stopped.aborted) return;
      const reason = error instanceof Error ? error.message : String(error);
      this.log.warn(`${gap.symbol}: ${missed} missed trades not fetched: ${reason}`);
    }
    this.sink.tradesLost([gap.symbol]);
  }

  private async fetchGap(gap: Gap, stopped: AbortSignal): Promise<number> {
    let filled = 0;
    let where: Record<string, string> = { startTime: String(gap.since) };
    for (let page = 0; page < MAX_PAGES; page++) {
      const rows = await this.ask({ symbol: gap.symbol, limit: String(PAGE), ...where }, stopped);
      for (const row of rows) filled += this.take(gap, row);
      const newest = rows.at(-1);
      if (newest === undefined || newest.l >= gap.to || rows.length < PAGE) break;
      where = { fromId: String(newest.a + 1) };
      await setTimeout(PAUSE_MS, undefined, { signal: stopped });
    }
    return filled;
  }

  /** @returns how many trades of the gap the row holds; one that reaches beyond it cannot be taken apart */
  private take(gap: Gap, { f, l, p, q, T }: Aggregate): number {
    if (f < gap.from || l > gap.to) return 0;
    this.sink.accept({
      kind: 'trade',
      symbol: gap.symbol,
      assetClass: 'crypto',
      price: p,
      quantity: q,
      tradeNumber: f,
      lastNumber: l,
      eventTime: T,
      session: null,
      readAt: this.now(),
    });
    return l - f + 1;
  }

  private async ask(query: Record<string, string>, stopped: AbortSignal): Promise<Aggregate[]> {
    const url = `${this.baseUrl}/api/v3/aggTrades?${new URLSearchParams(query).toString()}`;
    for (let attempt = 1; ; attempt++) {
      const response = await fetch(url, {
        signal: AbortSignal.any([stopped, AbortSignal.timeout(TIMEOUT_MS)]),
      }).catch((error: Error) => error);
      if (response instanceof Response && response.ok)
        return aggregatesSchema.parse(await jsonAnswer(response));
      const status = response instanceof Response ? response.status : null;
      // 418 is a ban: asking on would make it longer.
      if (status === 400 || status === 418 || attempt === MAX_ATTEMPTS) {
        throw new Error(response instanceof Response ? `status ${response.status}` : response.message);
      }
      const asked = response instanceof Response ? Number(response.headers.get('retry-after')) : 0;
      await setTimeout(asked > 0 ? asked * 1_000 : 250 * 2 ** attempt, undefined, { signal: stopped });
    }
  }
}
