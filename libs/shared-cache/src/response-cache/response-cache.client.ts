import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import type { RedisOptions } from 'ioredis';
import { createClient, type RedisClientType } from 'redis';
import { withDeadline } from '../connection/deadline';
import { RedisConnection } from '../connection/redis.connection';
import { RedisDeadlineError } from '../contract/shared-cache.errors';
import { SharedCacheSettings } from '../contract/shared-cache.options';
import { ResponseGeneration } from './response-cache.generation';

/** Longest wait of a request (milliseconds). */
const DEADLINE_MS = 45;
/** A connection that stays silent this long while Redis answers elsewhere is thrown away (milliseconds). */
const HUNG_AFTER_MS = 1_000;
const MAX_QUEUED = 10_000;

/** Connection of the response cache's Redis store, which speaks through another client library than the rest. */
@Injectable()
export class ResponseCacheClient implements OnApplicationShutdown {
  readonly client: RedisClientType | undefined;
  /** Whose responses these are: no service is given another's. */
  readonly service: string;
  readonly generation = new ResponseGeneration(this);
  /** What every key begins with: this client library adds nothing by itself. */
  readonly keyPrefix: string;
  private readonly logger = new Logger('ResponseCache');
  private silentSince: number | undefined;
  private closed = false;

  constructor(
    settings: SharedCacheSettings,
    private readonly connection: RedisConnection,
  ) {
    const { redis, service } = settings.value;
    this.service = service;
    this.keyPrefix = redis?.keyPrefix ?? '';
    // Behind Sentinel responses are cached in memory only: this client cannot ask it for the primary.
    if (redis?.host === undefined) return;
    this.client = createClient(toNodeRedis(redis, `${service}-responses`)) as RedisClientType;
    // Without a listener an error ends the process; outages are logged by the main connection.
    this.client.on('error', (error: Error) => this.logger.debug(error.message));
    // What is known of the generation is known before the first request, and what Redis must learn, it learns soon.
    const learn = () => void this.generation.current();
    this.client.on('ready', learn);
    connection.available$.subscribe(learn);
    this.connect(this.client);
  }

  /** Whether Redis can be asked at the moment, over this connection too. */
  get reachable(): boolean {
    return this.connection.available && this.client?.isReady === true;
  }

  /** @returns `undefined` at once while Redis is away, and when it refuses or does not answer in time */
  async attempt<T>(work: (client: RedisClientType) => Promise<T>): Promise<T | undefined> {
    if (!this.client || !this.reachable) return undefined;
    try {
      const answer = await withDeadline(work(this.client), DEADLINE_MS);
      this.silentSince = undefined;
      return answer;
    } catch (error) {
      this.logger.debug((error as Error).message);
      if (error instanceof RedisDeadlineError) this.silent(this.client);
      return undefined;
    }
  }

  private connect(client: RedisClientType): void {
    if (this.closed) return;
    // Not awaited: a service starts without Redis too.
    client.connect().catch((error: Error) => this.logger.debug(error.message));
  }

  /** A connection that was cut off without a word never fails by itself. */
  private silent(client: RedisClientType): void {
    this.silentSince ??= performance.now();
    if (performance.now() - this.silentSince < HUNG_AFTER_MS) return;
    this.silentSince = undefined;
    this.logger.warn('the connection for responses is silent: connecting anew');
    client
      .disconnect()
      .catch((error: Error) => this.logger.debug(error.message))
      .finally(() => this.connect(client));
  }

  async onApplicationShutdown(): Promise<void> {
    this.closed = true;
    await this.client?.disconnect().catch((error: Error) => this.logger.debug(error.message));
  }
}

function toNodeRedis(redis: RedisOptions, name: string): Parameters<typeof createClient>[0] {
  const reconnectStrategy = (attempt: number) => Math.min(50 * attempt, 500);
  const common = { connectTimeout: 1_000, reconnectStrategy };
  const address = { ...common, host: redis.host, port: redis.port };
  return {
    name,
    socket: redis.path
      ? { ...common, path: redis.path }
      : redis.tls
        ? { ...address, ...redis.tls, tls: true as const }
        : address,
    ...(redis.username && { username: redis.username }),
    ...(redis.password && { password: redis.password }),
    database: redis.db ?? 0,
    disableOfflineQueue: true,
    commandsQueueMaxLength: MAX_QUEUED,
  };
}
