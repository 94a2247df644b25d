import type { KeyvStoreAdapter, StoredData } from 'keyv';
import { LRUCache } from 'lru-cache';

const MAX_ENTRIES = 1_000;
const MAX_BYTES = 16 * 1_048_576;

/**
 * Responses in this process's memory: where there is no Redis, and while it is away. Keyv's own memory knows no
 * bound, and addresses are made by callers.
 */
export class BoundedStore implements KeyvStoreAdapter {
  opts = {};
  namespace?: string;
  private readonly entries = new LRUCache<string, string>({
    max: MAX_ENTRIES,
    maxSize: MAX_BYTES,
    sizeCalculation: (text, key) => 2 * (text.length + key.length),
  });

  get<Value>(key: string): Promise<StoredData<Value> | undefined> {
    const text = this.entries.get(key);
    return Promise.resolve(text === undefined ? undefined : (JSON.parse(text) as StoredData<Value>));
  }

  set(key: string, value: unknown, ttl?: number): Promise<void> {
    this.entries.set(key, JSON.stringify(value), ttl === undefined ? {} : { ttl });
    return Promise.resolve();
  }

  delete(key: string): Promise<boolean> {
    return Promise.resolve(this.entries.delete(key));
  }

  clear(): Promise<void> {
    this.entries.clear();
    return Promise.resolve();
  }

  on(): this {
    // It has nothing to tell.
    return this;
  }
}
