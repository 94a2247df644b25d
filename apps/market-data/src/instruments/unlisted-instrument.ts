import {
  feedFacts,
  type FeedFacts,
  type FeedName,
  type Instrument,
  instrumentKey,
} from '@tickbridge/contracts';
import { instrumentOf } from '@tickbridge/trading-core';
import { dialectOf } from '../symbols/dialect';

/** Where a name of each market is likeliest traded. */
const EXCHANGE: Readonly<Record<FeedFacts['market'], string>> = { india: 'NSE', crypto: 'BINANCE', us: 'US' };

/**
 * What stands for a name while no list of its feed could be read: subscribed as it is written, with the class its vendor's
 * way of writing names tells, and without lot or step, so that no order goes.
 */
export function unlistedInstrument(feed: FeedName, name: string, asOf: string): Instrument {
  const { canonical, assetClass } = dialectOf(feed);
  const symbol = canonical(name) ?? instrumentKey(name).replaceAll('/', '');
  const { market, currency } = feedFacts(feed);
  const isPair = market === 'crypto';
  return instrumentOf({
    feed,
    symbol,
    exchange: EXCHANGE[market],
    assetClass: assetClass(symbol),
    currency: isPair ? null : currency,
    priceDecimals: isPair ? 8 : 2,
    status: 'unlisted',
    source: 'as written: no list could be read',
    asOf,
  });
}
