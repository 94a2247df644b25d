import { z } from 'zod';
import { lineOfText } from '../platform/text';

/** Name of a trading calendar: `NSE_EQUITY`. */
export const calendarIdSchema = z.string().regex(/^[A-Z][A-Z0-9_]{1,39}$/, 'expected a name as NSE_EQUITY');

/** A date in the zone of a calendar: `2026-11-20`. */
export const calendarDateSchema = z.iso.date('expected a date as 2026-11-20');

/** Time of day in the zone of a calendar, `09:15`; `24:00` ends a day. */
export const timeOfDaySchema = z
  .string()
  .regex(/^(?:(?:[01]\d|2[0-3]):[0-5]\d|24:00)$/, 'expected a time as 09:15');

/** What an exchange does in a stretch of a day. Orders are taken in `normal` and `special`. */
export const exchangePhaseSchema = z.enum(['preOpen', 'normal', 'closing', 'special']);

/** What an exchange does at a moment: `unknown` on days its calendar does not cover. */
export const marketPhaseNameSchema = z.enum([...exchangePhaseSchema.options, 'closed', 'unknown']);

/** One stretch of a day, from `from` to `to`, which is not part of it. */
export const phaseSpanSchema = z
  .strictObject({
    phase: exchangePhaseSchema,
    from: timeOfDaySchema,
    to: timeOfDaySchema,
    /** From here on intraday positions may only be closed; absent where there is no cutoff. */
    squareOff: timeOfDaySchema.optional(),
  })
  .refine(({ from, to }) => from < to, { message: 'expected "from" before "to"' })
  .refine(({ from, to, squareOff }) => squareOff === undefined || (squareOff > from && squareOff <= to), {
    message: 'expected "squareOff" between "from" and "to"',
  });

/** The stretches of one day in order of time; none on a day without trading. */
export const phaseSpansSchema = z
  .array(phaseSpanSchema)
  .max(20)
  .refine((spans) => spans.every(({ from }, index) => index === 0 || from >= (spans[index - 1]?.to ?? '')), {
    message: 'expected stretches in order of time that do not overlap',
  });

export const weekdaySchema = z.enum(['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat']);

const zone = z.string().refine(isTimeZone, 'expected a time zone as Asia/Kolkata');

/** A day that is not as its weekday is. */
export const calendarDaySchema = z.strictObject({
  date: calendarDateSchema,
  /** What people call it: `Republic Day`. */
  reason: lineOfText(200),
  /** Name in `hours`, or the stretches themselves; an empty list closes the day. */
  hours: z.union([z.string(), phaseSpansSchema]),
  /** No vendor's word opens the day. So are days that people set, unless they say otherwise. */
  final: z.boolean().optional(),
});

/** Which days a calendar knows; a day outside is unknown unless it is listed. `null` has no end. */
export const calendarCoverageSchema = z.strictObject({
  from: calendarDateSchema.nullable(),
  to: calendarDateSchema.nullable(),
});

const listedOnce = (days: readonly { date: string }[]) =>
  new Set(days.map(({ date }) => date)).size === days.length;

/** A trading calendar as it lies in a file. */
export const calendarFileSchema = z
  .strictObject({
    id: calendarIdSchema,
    name: lineOfText(100),
    /** Zone of all dates and times; daylight saving time comes from it. */
    zone,
    /** Zone whose midnight begins the day that limits and counts refer to, where it is another. */
    dayZone: zone.optional(),
    /** What vendors call this market where they name several: `NSE_EQ`. */
    vendorNames: z.array(z.string().min(1)).default([]),
    /** Trading days from a trade for delivery to its settlement; 0: at once. */
    settlementDays: z.int().min(0).max(5),
    /** Where it was read. */
    sources: z.array(z.strictObject({ what: lineOfText(300), where: lineOfText(300) })).min(1),
    coverage: calendarCoverageSchema,
    /** Named days to choose from. */
    hours: z.record(z.string(), phaseSpansSchema),
    /** Which weekdays have which hours; the first that fits counts, and a weekday without is closed. */
    week: z.array(
      z.strictObject({
        days: z.array(weekdaySchema).min(1),
        hours: z.string(),
        /** Only while this zone has daylight saving time at noon of the calendar's zone. */
        whileDaylightSavingIn: zone.optional(),
      }),
    ),
    days: z.array(calendarDaySchema).refine(listedOnce, { message: 'expected each date once' }),
  })
  .refine(
    ({ hours, week, days }) =>
      [...week, ...days].every((each) => typeof each.hours !== 'string' || each.hours in hours),
    { message: 'expected only names of "hours"' },
  );

/** Days that a person's file adds to a calendar, and how far it knows all of them. */
export const calendarAdditionSchema = z.strictObject({
  extends: calendarIdSchema,
  coverage: calendarCoverageSchema.partial().optional(),
  days: z.array(calendarDaySchema).refine(listedOnce, { message: 'expected each date once' }).default([]),
});

export type ExchangePhase = z.infer<typeof exchangePhaseSchema>;
export type MarketPhaseName = z.infer<typeof marketPhaseNameSchema>;
export type PhaseSpan = z.infer<typeof phaseSpanSchema>;
export type Weekday = z.infer<typeof weekdaySchema>;
export type CalendarDay = z.infer<typeof calendarDaySchema>;
export type CalendarFile = z.infer<typeof calendarFileSchema>;
export type CalendarAddition = z.infer<typeof calendarAdditionSchema>;

/** Whether orders may be entered in a phase. */
export function takesOrders(phase: MarketPhaseName): boolean {
  return phase === 'normal' || phase === 'special';
}

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    // Intl knows no other way to say that a zone is none.
    return false;
  }
}
