import { randomUUID } from 'node:crypto';
import type { RedisClientType } from 'redis';
import { keys } from '../contract/shared-cache.keys';

/** What the generation needs of the connection that the responses are kept over. */
export interface ResponseLink {
  readonly client: RedisClientType | undefined;
  readonly service: string;
  readonly keyPrefix: string;
  readonly reachable: boolean;
  attempt<T>(work: (client: RedisClientType) => Promise<T>): Promise<T | undefined>;
}

/**
 * Which responses count: those that were asked for under the present generation. A new generation clears them all at
 * once, in every process, whatever their number, together with those that are being made.
 *
 * While Redis is away each process has a generation of its own.
 */
export class ResponseGeneration {
  private own: string = randomUUID();
  /** Last heard from Redis; `undefined` before that. */
  private shared: string | undefined;
  /** Redis has not been told of our last clearing: nothing it holds counts before. */
  private clearingPending = false;

  constructor(private readonly responses: ResponseLink) {}

  private get key(): string {
    return this.responses.keyPrefix + keys.cacheEntry('http', `${this.responses.service} #generation`);
  }

  async current(): Promise<string> {
    if (this.clearingPending) await this.tell();
    if (this.clearingPending || !this.responses.reachable) return this.own;
    const read = await this.responses.attempt(async (redis) => ({
      generation: (await redis.get(this.key)) ?? (await this.begin()),
    }));
    this.shared = read?.generation ?? this.shared;
    return this.shared ?? this.own;
  }

  async renew(): Promise<void> {
    this.own = randomUUID();
    this.clearingPending = this.responses.client !== undefined;
    await this.tell();
  }

  private async tell(): Promise<void> {
    const { own } = this;
    const taken = await this.responses.attempt((redis) => redis.set(this.key, own));
    if (taken === undefined || own !== this.own) return;
    this.shared = own;
    this.clearingPending = false;
  }

  /** Redis knows of none: it is new, or was emptied. */
  private async begin(): Promise<string | undefined> {
    const { client } = this.responses;
    await client?.set(this.key, randomUUID(), { NX: true });
    return (await client?.get(this.key)) ?? undefined;
  }
}
