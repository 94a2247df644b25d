import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { LiveMarketData, RedisConnection, SharedCacheSettings } from '@tickbridge/shared-cache';

/** The market as another instance publishes it, while this one waits for the feed's lease: read like any reader does. */
@Injectable()
export class StandbyMarket implements OnApplicationShutdown {
  private reader: LiveMarketData | undefined;

  constructor(
    private readonly settings: SharedCacheSettings,
    private readonly redis: RedisConnection,
  ) {}

  /** The holder's market; `undefined` while this instance does not wait. */
  get market(): LiveMarketData | undefined {
    return this.reader;
  }

  follow(): void {
    if (this.reader !== undefined) return;
    // The metrics of live data are the publisher's here.
    const { metrics: _metrics, ...options } = this.settings.value;
    this.reader = new LiveMarketData({ value: options }, this.redis);
    this.reader.onModuleInit();
  }

  leave(): void {
    this.reader?.onApplicationShutdown();
    this.reader = undefined;
  }

  onApplicationShutdown(): void {
    this.leave();
  }
}
