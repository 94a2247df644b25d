import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Module } from '@nestjs/common';
import { Test, type TestingModule } from '@nestjs/testing';
import type { Bar, FeedName, Tick } from '@tickbridge/contracts';
import { installationOf } from '@tickbridge/service-bootstrap';
import { type LiveMarketPublisher, LiveMarketPublishers, SharedCacheModule } from '@tickbridge/shared-cache';
import type { RedisOptions } from 'ioredis';

/** The publishing side of a feed process: ticks and bars leave it over a real Redis, missed bars over HTTP. */
export class FeedProcess {
  private constructor(
    private readonly app: TestingModule,
    private readonly publisher: LiveMarketPublisher,
    private readonly server: Server,
  ) {}

  /** @param internalApiKey of the platform whose feed it is */
  static async start(source: FeedName, redis: RedisOptions, internalApiKey: string): Promise<FeedProcess> {
    const installation = installationOf({}, internalApiKey).id;
    @Module({
      imports: [
        SharedCacheModule.forRootAsync({
          useFactory: () => ({
            service: 'test-feed',
            installation,
            redis,
            liveMarketData: { sources: [source] },
          }),
          parts: { liveMarketData: 'publisher' },
        }),
      ],
    })
    class FeedModule {}
    const app = await Test.createTestingModule({ imports: [FeedModule] }).compile();
    await app.init();
    const publishers = app.get(LiveMarketPublishers);
    const publisher = publishers.of(source);
    const server = createServer((request, response) => {
      const url = new URL(request.url ?? '/', 'http://feed');
      if (url.pathname.endsWith('/stream')) {
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        const events = publishers.stream(source).open();
        if (!events) return response.writeHead(503).end();
        events.pipe(response);
        request.once('close', () => events.destroy());
        return;
      }
      if (!url.pathname.endsWith('/bars')) return response.writeHead(404).end();
      const bars = publisher.barsAfter(Number(url.searchParams.get('after')));
      response.end(JSON.stringify({ epoch: publisher.epoch, bars }));
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new FeedProcess(app, publisher, server);
  }

  /** Where missed bars are to be had. */
  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  publish(bars: readonly Bar[]): void {
    for (const bar of bars) this.publisher.publishBar(bar);
  }

  publishTick(tick: Tick): void {
    this.publisher.publish(tick);
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await this.app.close();
  }
}
