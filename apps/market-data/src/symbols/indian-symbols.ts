import type { AssetClass } from '@tickbridge/contracts';

/** What a name written the Indian way stands for. */
export interface IndianInstrument {
  /** The one name of the instrument inside the platform: as TrueData writes it. */
  readonly symbol: string;
  readonly assetClass: AssetClass;
}

/**
 * Indices under the names people write. The short name of an index is also the underlying in the names of its
 * derivatives (`NIFTY-I`, `NIFTY25093025300CE`); those are other instruments with prices of their own, so aliases count
 * for a whole name only.
 */
const INDICES: readonly (readonly [symbol: string, ...aliases: string[]])[] = [
  ['NIFTY 50', 'NIFTY', 'NIFTY50', '^NSEI'],
  ['NIFTY BANK', 'BANKNIFTY', 'NIFTYBANK', 'BANK NIFTY', '^NSEBANK'],
  ['NIFTY FIN SERVICE', 'FINNIFTY', 'NIFTY FINANCIAL SERVICES'],
  ['NIFTY MID SELECT', 'MIDCPNIFTY', 'NIFTY MIDCAP SELECT'],
  ['NIFTY NEXT 50', 'NIFTYNXT50', 'NIFTYNEXT50'],
  ['SENSEX', 'BSE SENSEX', '^BSESN'],
  ['BANKEX', 'BSE BANKEX'],
];

/**
 * Gauges of the market as a whole: nobody can hold one, and none is an average of share prices. They are macro, so they
 * are no index among the movers, and what asks for macro figures finds them.
 */
const GAUGES: readonly (readonly [symbol: string, ...aliases: string[]])[] = [
  ['INDIA VIX', 'INDIAVIX', 'VIX', '^INDIAVIX'],
];

const NAMED: ReadonlyMap<string, IndianInstrument> = new Map([
  ...INDICES.flatMap((names) => entriesOf(names, 'index')),
  ...GAUGES.flatMap((names) => entriesOf(names, 'macro')),
]);

/** Underlying, expiry as YYMMDD, strike, call or put: `NIFTY25093025300CE`. */
const OPTION = /^[A-Z&-]+?\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d+(?:\.\d+)?(?:CE|PE)$/;
/** A continuous future of the near, next or far month (`NIFTY-I`), or one of a month (`NIFTY25SEPFUT`). */
const FUTURE = /^[A-Z0-9&-]+(?:-I{1,3}|\d{2}(?:JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|DEC)FUT)$/;
/** Every other index the exchange computes: `NIFTY IT`, `NIFTY PHARMA`. */
const OTHER_INDEX = /^NIFTY [A-Z0-9]/;
/** Reference rates of the rupee. */
const RUPEE_RATE = /^(?:USD|EUR|GBP|JPY)INR$/;
/** The exchange before or the series after a share: `NSE:ITC`, `ITC.NS`, `ITC-EQ`. */
const NSE_SHARE = /^(?:NSE:([A-Z0-9&-]+)|([A-Z0-9&-]+)(?:\.NS|-EQ))$/;
/** Shares as Bombay quotes them have other prices than the same share on NSE: `RELIANCE_BSE`. */
const BSE_SHARE = /^(?:BSE:([A-Z0-9&-]+)|([A-Z0-9&-]+)(?:\.BO|_BSE))$/;

/** The instrument an Indian name stands for, whichever of its aliases was written. */
export function indianInstrument(text: string): IndianInstrument {
  const name = text.trim().toUpperCase().replace(/\s+/g, ' ');
  const named = NAMED.get(name);
  if (named !== undefined) return named;
  if (RUPEE_RATE.test(name)) return { symbol: name, assetClass: 'macro' };
  if (OPTION.test(name)) return { symbol: name, assetClass: 'option' };
  if (FUTURE.test(name)) return { symbol: name, assetClass: 'future' };
  if (OTHER_INDEX.test(name)) return { symbol: name, assetClass: 'index' };
  const bombay = BSE_SHARE.exec(name);
  if (bombay !== null) return { symbol: `${bombay[1] ?? bombay[2]}_BSE`, assetClass: 'stock' };
  const share = NSE_SHARE.exec(name);
  return { symbol: share?.[1] ?? share?.[2] ?? name, assetClass: 'stock' };
}

function entriesOf(
  [symbol, ...aliases]: readonly [string, ...string[]],
  assetClass: AssetClass,
): [string, IndianInstrument][] {
  return [symbol, ...aliases].map((name) => [name, { symbol, assetClass }]);
}
