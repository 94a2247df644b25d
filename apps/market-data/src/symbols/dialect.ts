import { type AssetClass, type FeedFacts, feedFacts, type FeedName } from '@tickbridge/contracts';
import { cryptoPair } from './crypto-symbols';
import { indianInstrument } from './indian-symbols';

/** How names are written at one feed, and what they stand for. */
export interface SymbolDialect {
  /**
   * The platform's one name of an instrument.
   *
   * @param text any alias of it
   * @returns `undefined` when no instrument of this feed can be called so
   */
  canonical(text: string): string | undefined;
  assetClass(symbol: string): AssetClass;
}

const indian: SymbolDialect = {
  canonical: (text) => {
    const { symbol, assetClass } = indianInstrument(text);
    // A share could be called nearly anything; what is written like a crypto pair is meant as one.
    const isPair = assetClass === 'stock' && cryptoPair(text) !== undefined;
    return isPair || symbol === '' || symbol.includes('/') ? undefined : symbol;
  },
  assetClass: (symbol) => indianInstrument(symbol).assetClass,
};

const crypto: SymbolDialect = { canonical: cryptoPair, assetClass: () => 'crypto' };

/** `BRK.B`, `BF-B` as some write it, with the exchange before or the country after it. */
const US_SHARE = /^(?:(?:NASDAQ|NYSE|ARCA|AMEX|BATS):)?([A-Z]{1,6}(?:[./-](?!US$)[A-Z]{1,3})?)(?:\.US)?$/;

const us: SymbolDialect = {
  canonical: (text) => US_SHARE.exec(text.trim().toUpperCase())?.[1]?.replace(/[/-]/, '.'),
  assetClass: () => 'stock',
};

const DIALECTS: Readonly<Record<FeedFacts['market'], SymbolDialect>> = { india: indian, crypto, us };

/** How a feed writes names. */
export function dialectOf(feed: FeedName): SymbolDialect {
  return DIALECTS[feedFacts(feed).market];
}
