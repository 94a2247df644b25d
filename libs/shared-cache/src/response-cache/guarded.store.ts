import type { KeyvStoreAdapter, StoredData } from 'keyv';
import type { ResponseCacheClient } from './response-cache.client';

/** What `KeyvAdapter` and `BoundedStore` offer; the rest of the interface is optional. */
type Store = Pick<KeyvStoreAdapter, 'get' | 'set' | 'delete'>;

/**
 * A Redis store that never makes a caller wait for a server that is away: this process's memory takes its place
 * meanwhile. Clearing removes the responses alone, never the whole database.
 */
export class GuardedStore implements KeyvStoreAdapter {
  opts = {};
  namespace?: string;

  constructor(
    private readonly shared: Store,
    private readonly memory: Store,
    private readonly responses: ResponseCacheClient,
  ) {}

  async get<Value>(key: string): Promise<StoredData<Value> | undefined> {
    if (!this.responses.reachable) return this.memory.get<Value>(key);
    return this.responses.attempt(() => this.shared.get<Value>(key));
  }

  async set(key: string, value: unknown, ttl?: number): Promise<void> {
    if (!this.responses.reachable) await this.memory.set(key, value, ttl);
    else await this.responses.attempt(async () => this.shared.set(key, value, ttl));
  }

  async delete(key: string): Promise<boolean> {
    const inMemory = await this.memory.delete(key);
    return (await this.responses.attempt(() => this.shared.delete(key))) ?? inMemory;
  }

  /** Every response made so far counts as gone; its memory in Redis is given back when its life ends. */
  async clear(): Promise<void> {
    await this.responses.generation.renew();
  }

  on(): this {
    // Errors are answered as misses; the connection's own listener keeps them from ending the process.
    return this;
  }
}
