import type { InstrumentRules } from '../instruments/instrument';
import type { RiskInstrument } from './risk-context';
import { tickSizeFor } from './tick-size';

/** What the rules need to know of an instrument. Shares have a price band, crypto pairs have none. */
export function riskInstrument({ assetClass, lotSize }: InstrumentRules): RiskInstrument {
  return { lotSize, tickSize: tickSizeFor(assetClass), hasPriceBand: assetClass !== 'crypto' };
}
