import { LRUCache } from 'lru-cache';
import type { CacheEntry } from './cache.entry';

/** L1: this process's memory, bounded, least recently used out first. Ages are those of the entry, not of the copy. */
export class MemoryTier {
  private readonly entries: LRUCache<string, CacheEntry<unknown>>;

  constructor(readonly maxEntries: number) {
    this.entries = new LRUCache({ max: maxEntries });
  }

  get size(): number {
    return this.entries.size;
  }

  get<T>(key: string, now: number): CacheEntry<T> | undefined {
    const entry = this.entries.get(key);
    if (entry === undefined) return undefined;
    if (entry.expiresAt > now) return entry as CacheEntry<T>;
    this.entries.delete(key);
    return undefined;
  }

  set(key: string, entry: CacheEntry<unknown>): void {
    this.entries.set(key, entry);
  }

  delete(key: string): boolean {
    return this.entries.delete(key);
  }

  clear(): void {
    this.entries.clear();
  }
}
