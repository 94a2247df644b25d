import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import type { RedisOptions } from 'ioredis';
import { createClient, type RedisClientType } from 'redis';
import { SharedCacheSettings } from '../shared-cache.options';

/** Connection of the response cache's Redis store, which speaks through another client library than the rest. */
@Injectable()
export class ResponseCacheClient implements OnApplicationShutdown {
  readonly client: RedisClientType | undefined;
  private readonly logger = new Logger('ResponseCache');

  constructor(settings: SharedCacheSettings) {
    const { redis, service } = settings.value;
    // Behind Sentinel responses are cached in memory only: this client cannot ask it for the primary.
    if (redis?.host === undefined) return;
    this.client = createClient(toNodeRedis(redis, `${service}-responses`)) as RedisClientType;
    // Without a listener an error ends the process; outages are logged by the main connection.
    this.client.on('error', (error: Error) => this.logger.debug(error.message));
    // Not awaited: a service starts without Redis too.
    this.client.connect().catch((error: Error) => this.logger.debug(error.message));
  }

  async onApplicationShutdown(): Promise<void> {
    await this.client?.disconnect().catch((error: Error) => this.logger.debug(error.message));
  }
}

function toNodeRedis(redis: RedisOptions, name: string): Parameters<typeof createClient>[0] {
  const reconnectStrategy = (attempt: number) => Math.min(50 * attempt, 500);
  const address = { host: redis.host, port: redis.port, connectTimeout: 1_000, reconnectStrategy };
  return {
    name,
    socket: redis.tls ? { ...address, tls: true as const, servername: redis.tls.servername } : address,
    ...(redis.username && { username: redis.username }),
    ...(redis.password && { password: redis.password }),
    database: redis.db ?? 0,
    disableOfflineQueue: true,
  };
}
