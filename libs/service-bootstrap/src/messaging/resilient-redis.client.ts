import { ClientRedis } from '@nestjs/microservices';
import { TransportLogger } from './transport.logger';

/**
 * Nest's Redis client with two gaps closed: a request published while the connection breaks must not become an
 * unhandled rejection, and the reply channel stays subscribed instead of costing two round trips per request.
 */
export class ResilientRedisClient extends ClientRedis {
  protected override readonly logger = new TransportLogger();

  override async createClient() {
    const client = await super.createClient();
    const publish = client.publish.bind(client);
    client.publish = (...args: unknown[]) => {
      const published = publish(...args) as Promise<number>;
      published.catch((error: Error) => this.logger.debug(`Redis transport: ${error.message}`));
      return published;
    };
    return client;
  }

  override async close(): Promise<void> {
    this.isManuallyClosed = true;
    this.handleClose();
    this.pubClient?.disconnect();
    this.subClient?.disconnect();
    this.pubClient = this.subClient = null;
    this.connectionPromise = null;
  }

  protected override unsubscribeFromChannel(channel: string): void {
    const open = this.subscriptionsCount.get(channel) ?? 1;
    this.subscriptionsCount.set(channel, Math.max(1, open - 1));
  }
}
