import { type CustomTransportStrategy, ServerRedis } from '@nestjs/microservices';
import { TransportLogger } from './transport.logger';

/**
 * Nest's Redis server, started without waiting for Redis.
 *
 * The stock server subscribes only after its first connect succeeded and fails the application's start
 * otherwise. Here the subscriptions are queued at once and sent whenever Redis appears.
 */
export class ResilientRedisServer extends ServerRedis implements CustomTransportStrategy {
  protected override readonly logger = new TransportLogger();

  override start(callback?: () => void): void {
    this.bindEvents(this.subClient, this.pubClient);
    for (const client of [this.subClient, this.pubClient]) {
      // A queued subscription has started the connection already.
      if (client.status !== 'wait') continue;
      client.connect().catch((error: Error) => this.logger.error(error));
    }
    callback?.();
  }

  override async close(): Promise<void> {
    // `quit` would wait for a server that may be gone.
    this.isManuallyClosed = true;
    this.pubClient?.disconnect();
    this.subClient?.disconnect();
  }
}
