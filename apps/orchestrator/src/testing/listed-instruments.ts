import type { FeedName, Instrument } from '@tickbridge/contracts';
import { type Database, instruments } from '@tickbridge/database';
import { knownInstrument, namesOf } from '@tickbridge/trading-core';

/** Made-up symbols as a vendor's list would have them: they trade like the feed's best known instrument. */
export function madeUpInstruments(
  feed: FeedName,
  symbols: readonly string[],
  values: Partial<Instrument> = {},
): Instrument[] {
  const like = knownInstrument(feed, feed === 'replay' ? 'BTCUSDT' : 'INFY') as Instrument;
  return symbols.map((symbol) => ({ ...like, aliases: [], name: null, ...values, symbol }));
}

/** Puts them where market-data would have put them. */
export async function listInstruments(database: Database, listed: readonly Instrument[]): Promise<void> {
  await database.orm.insert(instruments).values(
    listed.map((instrument) => {
      const { feed, symbol, status, source, asOf, ...details } = instrument;
      const names = namesOf(instrument);
      return {
        feed,
        symbol,
        status,
        source,
        asOf: new Date(asOf),
        details,
        names,
        searchText: symbol.toLowerCase(),
      };
    }),
  );
}
