import { type Instrument, instrumentKey } from '@tickbridge/contracts';

type Named = Pick<Instrument, 'symbol' | 'aliases' | 'exchange' | 'assetClass'>;

/** Bombay's shares have prices of their own; TrueData adds this to the name they share with NSE's. */
const BSE_SUFFIX = '_BSE';

/** Every name an instrument is found by, its symbol first, as keys for looking up. */
export function namesOf(instrument: Named): string[] {
  const { symbol, aliases } = instrument;
  return [...new Set([symbol, ...aliases, ...exchangeNames(instrument)].map(instrumentKey))];
}

/** A share with its exchange before or after it, as charts and brokers write it. */
function exchangeNames({ symbol, exchange, assetClass }: Named): string[] {
  if (assetClass !== 'stock') return [];
  if (exchange === 'BSE' && symbol.endsWith(BSE_SUFFIX)) {
    const share = symbol.slice(0, -BSE_SUFFIX.length);
    return [`BSE:${share}`, `${share}.BO`];
  }
  return exchange === 'NSE' || exchange === 'SIMULATED'
    ? [`NSE:${symbol}`, `${symbol}.NS`, `${symbol}-EQ`]
    : [];
}
