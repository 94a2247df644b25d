import { type FeedName, type Instrument, instrumentKey } from '@tickbridge/contracts';
import { currencyOf, instrumentOf } from '@tickbridge/trading-core';
import { dialectOf } from '../symbols/dialect';

/**
 * What stands for a name while no list of its feed could be read: subscribed as it is written, with the class its vendor's
 * way of writing names tells, and without lot or step, so that no order goes.
 */
export function unlistedInstrument(feed: FeedName, name: string, asOf: string): Instrument {
  const { canonical, assetClass } = dialectOf(feed);
  const symbol = canonical(name) ?? instrumentKey(name).replaceAll('/', '');
  const isPair = assetClass(symbol) === 'crypto';
  return instrumentOf({
    feed,
    symbol,
    exchange: isPair ? 'BINANCE' : 'NSE',
    assetClass: assetClass(symbol),
    currency: isPair ? null : currencyOf(feed),
    priceDecimals: isPair ? 8 : 2,
    status: 'unlisted',
    source: 'as written: no list could be read',
    asOf,
  });
}
