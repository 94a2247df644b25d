import { type CalendarFile, calendarFileSchema } from '@tickbridge/contracts';
import crypto from './calendars/CRYPTO.json';
import mcx from './calendars/MCX.json';
import nseCurrency from './calendars/NSE_CURRENCY.json';
import nseEquity from './calendars/NSE_EQUITY.json';
import simulated from './calendars/SIMULATED.json';
import usEquity from './calendars/US_EQUITY.json';

let parsed: readonly CalendarFile[] | undefined;

/** The calendars that come with the platform, by the files of `calendars/`. */
export function builtInCalendars(): readonly CalendarFile[] {
  parsed ??= [nseEquity, nseCurrency, mcx, usEquity, crypto, simulated].map((file) =>
    calendarFileSchema.parse(file),
  );
  return parsed;
}
