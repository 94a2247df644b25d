import { type CustomTransportStrategy, ServerRedis } from '@nestjs/microservices';
import { parseJsonObject } from '@tickbridge/contracts';
import type { Redis } from 'ioredis';
import type { BusSecurity } from './bus-security';
import { sealed, withoutPrefix } from './sealed-client';
import { TransportLogger } from './transport.logger';

type Options = ConstructorParameters<typeof ServerRedis>[0];

/** A question that nobody has answered by then is asked again over HTTP (milliseconds). */
const CLAIM_LIFE_MS = 10_000;

/**
 * Nest's Redis server, started without waiting for Redis.
 *
 * The stock server subscribes only after its first connect succeeded and fails the application's start
 * otherwise. Here the subscriptions are queued at once and sent whenever Redis appears. Messages that are not this
 * installation's are counted and dropped. Every instance of a service hears a question; the first one to claim it
 * answers, the others leave it alone.
 */
export class ResilientRedisServer extends ServerRedis implements CustomTransportStrategy {
  protected override readonly logger = new TransportLogger();

  constructor(
    options: NonNullable<Options>,
    private readonly security: BusSecurity,
  ) {
    super(options);
  }

  override start(callback?: () => void): void {
    this.bindEvents(this.subClient, this.pubClient);
    for (const client of [this.subClient, this.pubClient]) {
      // A queued subscription has started the connection already.
      if (client.status !== 'wait') continue;
      client.connect().catch((error: Error) => this.logger.error(error));
    }
    callback?.();
  }

  override async createRedisClient() {
    return sealed(await super.createRedisClient(), this.security.envelope, this.security.prefix);
  }

  override async handleMessage(channel: string, buffer: string, pub: Redis, pattern: string): Promise<void> {
    const { prefix } = this.security;
    const subject = withoutPrefix(channel, prefix);
    const message = this.security.open(subject, buffer);
    if (message === undefined) return;
    const packet = parseJsonObject(message);
    if (packet === undefined) return this.security.refuse('unreadable');
    if (typeof packet['id'] === 'string' && !(await this.claim(pub, packet['id']))) return;
    await super.handleMessage(subject, message, pub, withoutPrefix(pattern, prefix));
  }

  override async close(): Promise<void> {
    // `quit` would wait for a server that may be gone.
    this.isManuallyClosed = true;
    this.pubClient?.disconnect();
    this.subClient?.disconnect();
  }

  /** Whether this instance is the one to answer. */
  private async claim(redis: Redis, id: string): Promise<boolean> {
    return (await redis.set(`bus:claim:${id}`, '1', 'PX', CLAIM_LIFE_MS, 'NX')) === 'OK';
  }
}
