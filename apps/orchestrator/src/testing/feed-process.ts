import { Module } from '@nestjs/common';
import { Test, type TestingModule } from '@nestjs/testing';
import type { Bar, FeedName } from '@tickbridge/contracts';
import { type LiveMarketPublisher, LiveMarketPublishers, SharedCacheModule } from '@tickbridge/shared-cache';
import type { RedisOptions } from 'ioredis';

/** The publishing side of a feed process: bars leave it over a real Redis. */
export class FeedProcess {
  private constructor(
    private readonly app: TestingModule,
    private readonly publisher: LiveMarketPublisher,
  ) {}

  static async start(source: FeedName, redis: RedisOptions): Promise<FeedProcess> {
    @Module({
      imports: [
        SharedCacheModule.forRootAsync({
          useFactory: () => ({ service: 'test-feed', redis, liveMarketData: { sources: [source] } }),
          parts: { liveMarketData: 'publisher' },
        }),
      ],
    })
    class FeedModule {}
    const app = await Test.createTestingModule({ imports: [FeedModule] }).compile();
    await app.init();
    return new FeedProcess(app, app.get(LiveMarketPublishers).of(source));
  }

  publish(bars: readonly Bar[]): void {
    for (const bar of bars) this.publisher.publishBar(bar);
  }

  stop(): Promise<void> {
    return this.app.close();
  }
}
