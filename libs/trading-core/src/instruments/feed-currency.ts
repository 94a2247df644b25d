import { type AccountCurrency, feedFacts, type FeedName } from '@tickbridge/contracts';

/** Currencies accounts are kept in. */
export type Currency = AccountCurrency;

/** Currency an account that trades a feed is kept in. */
export function currencyOf(feed: FeedName): Currency {
  return feedFacts(feed).currency;
}
