import {
  Database,
  selectCalendarsBeside,
  selectInstrument,
  selectInstrumentsNamed,
} from '@tickbridge/database';
import { CacheService, instrumentCacheKey, instrumentsByKey } from '@tickbridge/shared-cache';
import { InstrumentTable, lookUpKeys } from '@tickbridge/trading-core';
import type { InstrumentFinder } from './trading-feed';

/** Looks instruments up in shared memory, and in PostgreSQL where it has them not. */
export function instrumentFinder(cache: CacheService, database: Database): InstrumentFinder {
  return {
    async bySymbol(feed, symbol) {
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
    },
    // Asked for by people, and rarely: an alias is kept nowhere, so that none outlives its list.
    async byName(feed, name) {
      return new InstrumentTable(await selectInstrumentsNamed(database.orm, feed, lookUpKeys(name))).find(
        name,
      );
    },
    calendarsBeside: (feed, main) => selectCalendarsBeside(database.orm, feed, main),
  };
}
