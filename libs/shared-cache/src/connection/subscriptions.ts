import { Logger } from '@nestjs/common';
import type { Redis, RedisOptions } from 'ioredis';
import { BehaviorSubject } from 'rxjs';
import { withDeadline } from './deadline';
import type { Rejections } from './rejections';

/** Payload of a message; an invalidation carries a list of keys, or `null` for "everything". */
export type MessageHandler = (payload: Buffer | Buffer[] | null) => void;

const RETRY_DELAY_MS = 200;
/** A link that was cut without a word is noticed after at most the sum of both (milliseconds). */
const HEARTBEAT_MS = 500;
const HEARTBEAT_DEADLINE_MS = 1_000;

/**
 * The subscriber connection of this process and the channels it hears.
 *
 * After every reconnect all channels are subscribed anew before `link$` tells that they are heard again; what was
 * published in between is gone and the listener's business to repair.
 */
export class Subscriptions {
  /** Redis' id of the connection while every channel is heard, else `undefined`. */
  readonly link$ = new BehaviorSubject<string | undefined>(undefined);
  private readonly logger = new Logger('Redis');
  private readonly handlers = new Map<string, MessageHandler>();
  private readonly client: Redis;
  private readonly heartbeat: NodeJS.Timeout;
  private beating = false;
  private closed = false;

  constructor(
    connect: (own: RedisOptions) => Redis,
    private readonly rejections: Rejections,
  ) {
    this.client = connect({
      // RESP2: a tracking subscriber gets invalidations as messages; over RESP3 ioredis drops them.
      protocol: 2,
      // The connection's id must be asked for before the first subscription, so ioredis may not be first.
      autoResubscribe: false,
      maxRetriesPerRequest: null,
    });
    this.client.on('ready', () => void this.subscribeAll());
    this.client.on('close', () => this.unlinked());
    this.heartbeat = setInterval(() => void this.beat(), HEARTBEAT_MS);
    this.heartbeat.unref();
    this.client.on('messageBuffer', (channel: Buffer, payload: Buffer | Buffer[] | null) => {
      try {
        this.handlers.get(channel.toString())?.(payload);
      } catch (error) {
        // Anybody may write to a channel: what a handler cannot take costs the message, not the process.
        this.rejections.count('channel', 'failed');
        this.logger.error(error instanceof Error ? error : new Error(String(error)));
      }
    });
  }

  /** Hears a channel from now on, across reconnects. One handler per channel. */
  add(channel: string, handler: MessageHandler): void {
    this.handlers.set(channel, handler);
    if (this.client.status === 'ready') void this.subscribeAll();
  }

  /** Hears a channel no more. */
  remove(channel: string): void {
    this.handlers.delete(channel);
    if (this.closed || this.client.status !== 'ready') return;
    this.client.unsubscribe(channel).catch((error: Error) => {
      // Without a handler its messages are dropped all the same.
      this.logger.debug(`${channel} is still subscribed: ${error.message}`);
    });
  }

  /** Gives the connection up for a new one; until then nothing counts as heard. */
  reconnect(): void {
    this.unlinked();
    this.client.disconnect(true);
  }

  close(): void {
    this.closed = true;
    clearInterval(this.heartbeat);
    this.client.disconnect();
  }

  private async subscribeAll(): Promise<void> {
    try {
      const id = this.link$.value ?? String(await this.client.client('ID'));
      if (this.handlers.size > 0) await this.client.subscribe(...this.handlers.keys());
      if (this.client.status === 'ready') this.link$.next(id);
    } catch (error) {
      if (this.closed) return;
      this.logger.debug(`subscriptions not up yet: ${(error as Error).message}`);
      setTimeout(() => {
        if (this.client.status === 'ready' && this.link$.value === undefined) this.reconnect();
      }, RETRY_DELAY_MS).unref();
    }
  }

  private async beat(): Promise<void> {
    if (this.beating || this.link$.value === undefined) return;
    this.beating = true;
    try {
      await withDeadline(this.client.ping(), HEARTBEAT_DEADLINE_MS);
    } catch (error) {
      if (this.closed) return;
      this.logger.warn(`subscriptions are not heard: ${(error as Error).message}`);
      this.reconnect();
    } finally {
      this.beating = false;
    }
  }

  private unlinked(): void {
    if (this.link$.value !== undefined) this.link$.next(undefined);
  }
}
