import type { ChargeSegment, Instrument } from '@tickbridge/contracts';

/** What of an instrument charges depend on. */
export type ChargedInstrument = Pick<Instrument, 'assetClass' | 'exchange' | 'segment' | 'quantityStep'>;

/** Exchanges' word for their part that trades currencies. */
const CURRENCY_SEGMENT = 'CD';

/** The part of the market an instrument is charged as; `undefined` for what nobody trades. */
export function chargeSegmentOf({
  assetClass,
  segment,
}: Pick<Instrument, 'assetClass' | 'segment'>): ChargeSegment | undefined {
  const ofCurrency = segment === CURRENCY_SEGMENT;
  switch (assetClass) {
    case 'stock':
      return 'equity';
    case 'future':
      return ofCurrency ? 'currency-futures' : 'futures';
    case 'option':
      return ofCurrency ? 'currency-options' : 'options';
    case 'crypto':
      return 'crypto';
    case 'index':
    case 'macro':
      return undefined;
  }
}
