import type { Instrument, Product, TaxCategory } from '@tickbridge/contracts';

/** What of an instrument its taxes depend on. */
export type TaxedInstrument = Pick<Instrument, 'assetClass'>;

/** A closed quantity as its category depends on it; days as dates, `2026-11-20`. */
export interface HeldLot {
  readonly product: Product;
  readonly openedDay: string;
  readonly closedDay: string;
}

/**
 * How what a closed lot made is taxed. It sorts; what is owed depends on the person.
 *
 * - India, shares: bought and sold within one day is speculative (section 43(5) of the Income-tax Act); else short-term up to
 *   twelve months and long-term beyond (section 2(42A)). Other countries' shares: the same year, without the first rule.
 * - Futures and options are business income that is not speculative.
 * - Coins are taxed by rules of their own.
 *
 * @returns `undefined` when no list tells what the instrument is
 */
export function taxCategory(
  lot: HeldLot,
  instrument: TaxedInstrument | undefined,
  inIndia: boolean,
): TaxCategory | undefined {
  switch (instrument?.assetClass) {
    case 'crypto':
      return 'crypto';
    case 'future':
    case 'option':
      return 'derivative';
    case 'stock':
      if (inIndia && (lot.product === 'intraday' || lot.openedDay === lot.closedDay)) return 'speculative';
      return lot.closedDay > aYearAfter(lot.openedDay) ? 'long-term' : 'short-term';
    case 'index':
    case 'macro':
    case undefined:
      return undefined;
  }
}

/** The same date of the next year; of a leap day the last of February. */
function aYearAfter(day: string): string {
  const [year, month, date] = day.split('-') as [string, string, string];
  const next = Number(year) + 1;
  return `${next}-${month}-${month === '02' && date === '29' ? '28' : date}`;
}
