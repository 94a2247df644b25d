import { Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import type { FeedName } from '@tickbridge/contracts';
import { RedisConnection } from '../connection/redis.connection';
import { SharedCacheSettings } from '../contract/shared-cache.options';
import { FrameStream } from './frame-stream';
import { LiveMarketPublisher } from './live-market.publisher';
import { liveOptions } from './live-options';
import { PublisherMetrics } from './publisher.metrics';

/** One publisher for each feed of this process, and its frames as an HTTP stream. */
@Injectable()
export class LiveMarketPublishers implements OnModuleInit, OnApplicationShutdown {
  private readonly lanes: ReadonlyMap<FeedName, { publisher: LiveMarketPublisher; stream: FrameStream }>;

  /** @throws MissingPartError when the module was set up without live market data */
  constructor(settings: SharedCacheSettings, redis: RedisConnection) {
    const { sources, directory, permit } = liveOptions(settings);
    const registry = settings.value.metrics;
    const metrics =
      registry && new PublisherMetrics(registry, sources, (feed) => this.of(feed).status().ticksPublished);
    this.lanes = new Map(
      sources.map((feed) => {
        const publisher = new LiveMarketPublisher(feed, redis, {
          directory,
          permit: permit?.(feed),
          metrics,
        });
        return [feed, { publisher, stream: new FrameStream(publisher) }];
      }),
    );
  }

  onModuleInit(): void {
    for (const { publisher } of this.lanes.values()) publisher.start();
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all([...this.lanes.values()].map(({ publisher }) => publisher.stop()));
  }

  /** @throws RangeError when this process does not publish that feed */
  of(feed: FeedName): LiveMarketPublisher {
    return this.lane(feed).publisher;
  }

  /** The feed's frames as server-sent events. @throws RangeError when this process does not publish that feed */
  stream(feed: FeedName): FrameStream {
    return this.lane(feed).stream;
  }

  private lane(feed: FeedName) {
    const lane = this.lanes.get(feed);
    if (lane) return lane;
    throw new RangeError(`this process publishes ${[...this.lanes.keys()].join(', ')}, not ${feed}`);
  }
}
