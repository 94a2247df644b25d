/** Currencies accounts are kept in. */
export type AccountCurrency = 'INR' | 'USDT' | 'USD';

/** What the platform has to know of a feed before it runs. */
export interface FeedFacts {
  /** False when its prices are made up or recorded: people must be told. */
  readonly isReal: boolean;
  /** Whose instruments it delivers: at most one feed of each group runs, or two prices would share a name. */
  readonly market: 'india' | 'crypto' | 'us';
  /** Currency of the accounts that trade it. */
  readonly currency: AccountCurrency;
  /** Calendar that most of its instruments trade by; one that names its own goes by that. */
  readonly calendar: string;
}

/** The feeds, one row each. Their names are also the first part of their Redis keys. */
export const FEEDS = {
  simulator: { isReal: false, market: 'india', currency: 'INR', calendar: 'SIMULATED' },
  truedata: { isReal: true, market: 'india', currency: 'INR', calendar: 'NSE_EQUITY' },
  binance: { isReal: true, market: 'crypto', currency: 'USDT', calendar: 'CRYPTO' },
  alpaca: { isReal: true, market: 'us', currency: 'USD', calendar: 'US_EQUITY' },
  replay: { isReal: false, market: 'crypto', currency: 'USDT', calendar: 'CRYPTO' },
} as const satisfies Readonly<Record<string, FeedFacts>>;

export type FeedName = keyof typeof FEEDS;

export function feedFacts(feed: FeedName): FeedFacts {
  return FEEDS[feed];
}
