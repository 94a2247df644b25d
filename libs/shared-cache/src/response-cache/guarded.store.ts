import type { KeyvStoreAdapter, StoredData } from 'keyv';
import type { RedisClientType } from 'redis';
import { withDeadline } from '../connection/deadline';
import type { RedisConnection } from '../connection/redis.connection';
import { keys } from '../shared-cache.keys';

const DEADLINE_MS = 45;
const CLEAR_DEADLINE_MS = 10_000;
const SCAN_COUNT = 200;

/** What `KeyvAdapter` offers; the rest of its interface is optional. */
type Store = Pick<KeyvStoreAdapter, 'get' | 'set' | 'delete'>;

/**
 * A Redis store that never makes a caller wait for a server that is away: reads are misses then, writes are let go.
 * Clearing removes the responses alone, never the whole database.
 */
export class GuardedStore implements KeyvStoreAdapter {
  opts = {};
  namespace?: string;

  constructor(
    private readonly store: Store,
    private readonly client: RedisClientType,
    private readonly redis: RedisConnection,
  ) {}

  async get<Value>(key: string): Promise<StoredData<Value> | undefined> {
    return this.attempt(() => this.store.get<Value>(key));
  }

  async set(key: string, value: unknown, ttl?: number): Promise<void> {
    await this.attempt(async () => this.store.set(key, value, ttl));
  }

  async delete(key: string): Promise<boolean> {
    return (await this.attempt(() => this.store.delete(key))) ?? false;
  }

  async clear(): Promise<void> {
    const pattern = keys.cacheEntry('http', '*');
    await this.attempt(async () => {
      for await (const key of this.client.scanIterator({ MATCH: pattern, COUNT: SCAN_COUNT })) {
        await this.client.unlink(key);
      }
    }, CLEAR_DEADLINE_MS);
  }

  on(): this {
    // Errors are answered as misses; the connection's own listener keeps them from ending the process.
    return this;
  }

  private async attempt<T>(work: () => Promise<T>, deadlineMs = DEADLINE_MS): Promise<T | undefined> {
    if (!this.redis.available || !this.client.isReady) return undefined;
    return withDeadline(work(), deadlineMs).catch(() => undefined);
  }
}
