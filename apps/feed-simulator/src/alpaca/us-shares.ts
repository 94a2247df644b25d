import type { Instrument, Listing } from '../market/listing';

/** Exchange as Alpaca writes it. */
type Exchange = 'NASDAQ' | 'NYSE' | 'ARCA';

const LISTED: readonly (readonly [string, string, Exchange, number, number])[] = [
  ['AAPL', 'Apple Inc. Common Stock', 'NASDAQ', 271.5, 10],
  ['NVDA', 'NVIDIA Corporation Common Stock', 'NASDAQ', 182.3, 10],
  ['MSFT', 'Microsoft Corporation Common Stock', 'NASDAQ', 486.7, 9],
  ['AMZN', 'Amazon.com, Inc. Common Stock', 'NASDAQ', 229.4, 9],
  ['GOOGL', 'Alphabet Inc. Class A Common Stock', 'NASDAQ', 299.6, 9],
  ['META', 'Meta Platforms, Inc. Class A Common Stock', 'NASDAQ', 598.2, 8],
  ['TSLA', 'Tesla, Inc. Common Stock', 'NASDAQ', 402.5, 10],
  ['AVGO', 'Broadcom Inc. Common Stock', 'NASDAQ', 349.1, 7],
  ['AMD', 'Advanced Micro Devices, Inc. Common Stock', 'NASDAQ', 214.8, 8],
  ['NFLX', 'Netflix, Inc. Common Stock', 'NASDAQ', 109.3, 6],
  ['COST', 'Costco Wholesale Corporation Common Stock', 'NASDAQ', 897.4, 4],
  ['INTC', 'Intel Corporation Common Stock', 'NASDAQ', 36.4, 8],
  ['QQQ', 'Invesco QQQ Trust, Series 1', 'NASDAQ', 605.2, 9],
  ['JPM', 'JPMorgan Chase & Co.', 'NYSE', 301.7, 6],
  ['V', 'Visa Inc.', 'NYSE', 329.9, 5],
  ['MA', 'Mastercard Incorporated', 'NYSE', 541.6, 4],
  ['XOM', 'Exxon Mobil Corporation', 'NYSE', 116.8, 6],
  ['UNH', 'UnitedHealth Group Incorporated', 'NYSE', 321.4, 5],
  ['HD', 'The Home Depot, Inc.', 'NYSE', 352.2, 4],
  ['JNJ', 'Johnson & Johnson', 'NYSE', 201.9, 5],
  ['KO', 'The Coca-Cola Company', 'NYSE', 71.8, 6],
  ['BAC', 'Bank of America Corporation', 'NYSE', 52.3, 8],
  ['DIS', 'The Walt Disney Company', 'NYSE', 104.6, 6],
  ['ORCL', 'Oracle Corporation', 'NYSE', 207.5, 7],
  ['CRM', 'Salesforce, Inc.', 'NYSE', 231.8, 5],
  ['SPY', 'SPDR S&P 500 ETF Trust', 'ARCA', 671.3, 10],
  ['IWM', 'iShares Russell 2000 ETF', 'ARCA', 238.9, 7],
  ['BRK.B', 'Berkshire Hathaway Inc. Class B', 'NYSE', 505.1, 4],
  ['F', 'Ford Motor Company', 'NYSE', 12.9, 7],
  ['PFE', 'Pfizer Inc.', 'NYSE', 25.3, 7],
  ['WFC', 'Wells Fargo & Company', 'NYSE', 84.7, 6],
  ['PLTR', 'Palantir Technologies Inc. Class A Common Stock', 'NASDAQ', 167.2, 9],
  ['CSCO', 'Cisco Systems, Inc. Common Stock', 'NASDAQ', 76.4, 6],
  ['UBER', 'Uber Technologies, Inc.', 'NYSE', 86.5, 6],
];

/** A share of the list, as it is described. */
export interface UsShare {
  readonly symbol: string;
  readonly name: string;
  readonly exchange: Exchange;
}

/** Real names at believable levels, not quotes of any day. */
export const US_SHARES: readonly UsShare[] = LISTED.map(([symbol, name, exchange]) => ({
  symbol,
  name,
  exchange,
}));

/** The simulated US market, in dollars. Its trades are round lots; the server adds the odd ones. */
export const US_LISTING: Listing = {
  instruments: LISTED.map(([symbol, , , referencePrice, liquidity]): Instrument => ({
    symbol,
    referencePrice,
    liquidity,
    indices: [],
  })),
  indices: {},
  tickSize: 0.01,
  lot: 100,
  tradeValue: 40_000,
};
