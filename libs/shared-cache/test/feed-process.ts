import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { INestApplicationContext } from '@nestjs/common';
import type { Bar } from '@tickbridge/contracts';
import type { LiveMarketPublisher } from '../src/live-market-data/live-market.publisher';
import { LiveMarketPublishers } from '../src/live-market-data/live-market.publishers';
import type { PrivateRedis } from '../src/testing';
import { sharedCache } from './harness';

export const aBar = (symbol: string, openTime: number): Omit<Bar, 'sequence'> => ({
  symbol,
  intervalMs: 5_000,
  openTime,
  open: 10,
  high: 11,
  low: 9,
  close: 10,
  volume: 5,
  trades: 3,
  bid: 9.9,
  bidQuantity: 1,
  ask: 10.1,
  askQuantity: 1,
});

/** The feed process: publisher and HTTP bridge. */
export class FeedProcess {
  private constructor(
    readonly context: INestApplicationContext,
    private readonly server: Server,
    readonly httpUrl: string,
  ) {}

  static async start(redis: PrivateRedis, directory: string, port = 0): Promise<FeedProcess> {
    const context = await sharedCache(
      redis.options,
      { liveMarketData: 'publisher' },
      { liveMarketData: { sources: ['simulator'], directory } },
    );
    const publisher = context.get(LiveMarketPublishers).of('simulator');
    const stream = context.get(LiveMarketPublishers).stream('simulator');
    const server = createServer((request, response) => {
      const url = new URL(request.url ?? '/', 'http://feed');
      if (url.pathname.endsWith('/stream')) {
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        const events = stream.open();
        if (!events) return response.writeHead(503).end();
        events.pipe(response);
        request.once('close', () => events.destroy());
      } else {
        const bars = publisher.barsAfter(Number(url.searchParams.get('after')));
        response.end(JSON.stringify({ epoch: publisher.epoch, bars }));
      }
    }).listen(port, '127.0.0.1');
    await once(server, 'listening');
    return new FeedProcess(context, server, `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  }

  get publisher(): LiveMarketPublisher {
    return this.context.get(LiveMarketPublishers).of('simulator');
  }

  get port(): number {
    return Number(new URL(this.httpUrl).port);
  }

  closeHttp(): void {
    this.server.closeAllConnections();
    this.server.close();
  }

  async stop(): Promise<void> {
    this.closeHttp();
    await this.context.close();
  }
}
