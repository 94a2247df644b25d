import type { FeedName } from '@tickbridge/contracts';

/** Currencies accounts are kept in. */
export type Currency = 'INR' | 'USDT';

const CURRENCY_OF: Readonly<Record<FeedName, Currency>> = {
  simulator: 'INR',
  truedata: 'INR',
  binance: 'USDT',
  replay: 'USDT',
};

/** Currency an account that trades a feed is kept in. */
export function currencyOf(feed: FeedName): Currency {
  return CURRENCY_OF[feed];
}
