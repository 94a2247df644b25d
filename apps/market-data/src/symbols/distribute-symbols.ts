import type { FeedName } from '@tickbridge/contracts';
import { dialectOf } from './dialect';

/** Which feed gets which symbols. */
export interface DistributedSymbols {
  /** Under the platform's names, each once, in the order written. */
  readonly byFeed: ReadonlyMap<FeedName, readonly string[]>;
  /** Places in the list, from 0, of what no feed can have. */
  readonly unmatched: readonly number[];
}

/**
 * Gives each name of a list to the feed that can have it: crypto pairs to Binance, the rest to the Indian feed.
 *
 * @param names any alias of each instrument
 */
export function distributeSymbols(names: readonly string[], feeds: readonly FeedName[]): DistributedSymbols {
  const byFeed = new Map<FeedName, Set<string>>(feeds.map((feed) => [feed, new Set()]));
  const homeless: number[] = [];
  names.forEach((name, index) => {
    const home = feeds.find((feed) => dialectOf(feed).canonical(name) !== undefined);
    const symbol = home && dialectOf(home).canonical(name);
    if (home === undefined || symbol === undefined) homeless.push(index);
    else byFeed.get(home)?.add(symbol);
  });
  return { byFeed: new Map([...byFeed].map(([feed, symbols]) => [feed, [...symbols]])), unmatched: homeless };
}
