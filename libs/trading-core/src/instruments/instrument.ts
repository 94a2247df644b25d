import type { AssetClass, FeedName } from '@tickbridge/contracts';

/** What order quantities and prices must look like for one kind of instrument. */
export interface InstrumentRules {
  assetClass: AssetClass;
  /** Currency its prices are in. */
  currency: Currency;
  /** Quantities are whole multiples of this. */
  lotSize: number;
  /** Decimal places of a fill price. */
  priceDecimals: number;
}

export type Currency = 'INR' | 'USDT';

const STOCK: InstrumentRules = { assetClass: 'stock', currency: 'INR', lotSize: 1, priceDecimals: 2 };
const CRYPTO: InstrumentRules = {
  assetClass: 'crypto',
  currency: 'USDT',
  lotSize: 0.00001,
  priceDecimals: 8,
};

/** Rules of the instruments a feed delivers: NSE stocks, or crypto pairs on Binance and its recordings. */
export function instrumentRules(source: FeedName): InstrumentRules {
  return source === 'binance' || source === 'replay' ? CRYPTO : STOCK;
}
