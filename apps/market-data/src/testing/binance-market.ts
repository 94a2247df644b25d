import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CANDLE_INTERVAL_MS, type CandleInterval } from '@tickbridge/contracts';
import type { StoredCandle } from '../bars/candle';

interface MadeTrade {
  readonly number: number;
  readonly price: number;
  readonly quantity: number;
  readonly time: number;
}

const MINUTE_MS = 60_000;

/** A market at Binance: what was really traded, told over REST as the vendor tells it. Its clock is the test's. */
export class BinanceMarket {
  readonly trades: MadeTrade[] = [];
  private number = 0;
  private readonly http: Server = createServer((request, response) => this.answer(request, response));

  /** @param now the exchange's time (ms since 1970) */
  constructor(
    readonly symbol: string,
    public now: number,
  ) {}

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.http.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.http.address() as AddressInfo).port}`;
  }

  close(): void {
    this.http.closeAllConnections();
    this.http.close();
  }

  /** Numbers of trades begin anew, as they do at the test network every month. */
  restartNumbers(): void {
    this.number = 0;
  }

  /** Trades. @returns the frame that tells it */
  trade(afterMs: number, price: number, quantity: number): string {
    this.now += afterMs;
    this.trades.push({ number: ++this.number, price, quantity, time: this.now });
    const data = {
      e: 'trade',
      E: this.now,
      s: this.symbol,
      t: this.number,
      p: String(price),
      q: String(quantity),
    };
    return JSON.stringify({
      stream: `${this.symbol.toLowerCase()}@trade`,
      data: { ...data, T: this.now, m: true, M: true },
    });
  }

  /** Candles of everything that was traded, oldest first, computed without any code of the platform. */
  candles(interval: CandleInterval): StoredCandle[] {
    const length = CANDLE_INTERVAL_MS[interval];
    const starts = new Set(this.trades.map(({ time }) => time - (time % length)));
    return [...starts].map((openTime) => {
      const within = this.trades.filter(({ time }) => time - (time % length) === openTime);
      const prices = within.map(({ price }) => price);
      const volume = within.reduce((sum, { quantity }) => sum + Math.round(quantity * 1_000), 0) / 1_000;
      return {
        openTime,
        open: prices[0] as number,
        high: Math.max(...prices),
        low: Math.min(...prices),
        close: prices.at(-1) as number,
        volume,
        trades: within.length,
      };
    });
  }

  private answer(request: IncomingMessage, response: ServerResponse): void {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://vendor');
    const number = (name: string) => Number(searchParams.get(name) ?? 0);
    const rows = pathname.endsWith('/klines')
      ? this.klines().slice(-number('limit'))
      : this.trades
          .map(({ number: t, price, quantity, time }, a) => {
            return { a, p: String(price), q: String(quantity), f: t, l: t, T: time };
          })
          .filter(({ a, T }) => a >= number('fromId') && T >= number('startTime'))
          .slice(0, number('limit'));
    response.setHeader('content-type', 'application/json').end(JSON.stringify(rows));
  }

  /** The running minute included, and those in which nothing was traded. */
  private klines(): unknown[] {
    const byTime = new Map(this.candles('1m').map((candle) => [candle.openTime, candle]));
    const running = this.now - (this.now % MINUTE_MS);
    return Array.from({ length: 1_000 }, (_, index) => running - (999 - index) * MINUTE_MS).map(
      (openTime) => {
        const { open = 1, high = 1, low = 1, close = 1, volume = 0, trades = 0 } = byTime.get(openTime) ?? {};
        const prices = [open, high, low, close].map(String);
        return [openTime, ...prices, String(volume), openTime + MINUTE_MS - 1, '0', trades, '0', '0', '0'];
      },
    );
  }
}
