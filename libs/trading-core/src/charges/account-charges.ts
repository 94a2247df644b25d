import type { FeedName, Instrument, Product } from '@tickbridge/contracts';
import type { Currency } from '../instruments/feed-currency';
import { calendarOf } from '../sessions/calendar-of';
import type { Calendars } from '../sessions/calendars';
import { type ChargeTable, type ChargeTerms, DEFAULT_CHARGE_PLAN } from './charge-table';

/** What of an account charges depend on. */
export interface ChargedAccount {
  readonly feed: FeedName;
  readonly currency: string;
  /** `null` where nobody chose one. */
  readonly chargePlan: string | null;
}

/** The plan an account is charged by: the one that was chosen, else that of its currency. */
export function chargePlanOf({
  chargePlan,
  currency,
}: Pick<ChargedAccount, 'chargePlan' | 'currency'>): string {
  return chargePlan ?? DEFAULT_CHARGE_PLAN[currency as Currency];
}

/**
 * What an order of an account is charged at a time.
 *
 * @param at decides the day, in the zone of the instrument's market (ms since 1970)
 * @throws UnknownChargePlanError, ChargesUnknownError, UnknownCalendarError
 */
export function accountChargeTerms(
  { table, calendars }: { readonly table: ChargeTable; readonly calendars: Calendars },
  account: ChargedAccount,
  instrument: Instrument,
  at: number,
  product: Product,
): ChargeTerms {
  const { date } = calendars.of(instrument.calendar ?? calendarOf(account.feed)).tradingDay(at);
  return table.termsOf({ plan: chargePlanOf(account), instrument, product, date });
}
