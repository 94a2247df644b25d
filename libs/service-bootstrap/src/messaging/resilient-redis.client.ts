import { ClientRedis } from '@nestjs/microservices';
import type { BusSecurity } from './bus-security';
import { sealed, withoutPrefix } from './sealed-client';
import { TransportLogger } from './transport.logger';

type Options = ConstructorParameters<typeof ClientRedis>[0];

/**
 * Nest's Redis client with gaps closed: a request published while the connection breaks must not become an unhandled
 * rejection, the reply channel stays subscribed instead of costing two round trips per request, and no message that is
 * not this installation's reaches a caller.
 */
export class ResilientRedisClient extends ClientRedis {
  protected override readonly logger = new TransportLogger();

  constructor(
    options: NonNullable<Options>,
    private readonly security: BusSecurity,
  ) {
    super(options);
  }

  override async createClient() {
    const client = sealed(await super.createClient(), this.security.envelope, this.security.prefix);
    const publish = client.publish.bind(client);
    client.publish = (...args: unknown[]) => {
      const published = publish(...args) as Promise<number>;
      published.catch((error: Error) => this.logger.debug(`Redis transport: ${error.message}`));
      return published;
    };
    return client;
  }

  override createResponseCallback() {
    const take = super.createResponseCallback();
    return async (channel: string, text: string) => {
      const message = this.security.open(withoutPrefix(channel, this.security.prefix), text);
      if (message === undefined) return;
      try {
        await take(channel, message);
      } catch (error) {
        // A signed reply in a form nobody expects: the request runs into its time-out.
        this.security.refuse('unreadable');
        this.logger.debug(`Redis transport: ${(error as Error).message}`);
      }
    };
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
