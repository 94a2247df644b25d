import { Database, selectInstrument } from '@tickbridge/database';
import { CacheService, instrumentCacheKey, instrumentsByKey } from '@tickbridge/shared-cache';
import type { FindInstrument } from './trading-feed';

/** Looks instruments up in shared memory, and in PostgreSQL where it has them not. */
export function findInstrument(cache: CacheService, database: Database): FindInstrument {
  return async (feed, symbol) => {
    try {
      return await cache.getOrSet(instrumentsByKey, instrumentCacheKey(feed, symbol), async () => {
        const found = await selectInstrument(database.orm, feed, symbol);
        if (found) return found;
        throw new Error(`no list of ${feed} has ${symbol}`);
      });
    } catch {
      // Not listed, or PostgreSQL is away: the cache has counted it, and the order is denied for want of it.
      return undefined;
    }
  };
}
