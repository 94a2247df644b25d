import { z } from 'zod';
import { lineOfText } from '../platform/text';
import { isoTime } from '../platform/time';
import {
  calendarCoverageSchema,
  calendarDateSchema,
  calendarDaySchema,
  calendarIdSchema,
  marketPhaseNameSchema,
} from './calendar';

/** A calendar and what its market does now. */
export const calendarSummarySchema = z.object({
  id: calendarIdSchema,
  name: z.string(),
  zone: z.string(),
  /** By the calendar alone; `marketStatus` of a feed has the vendor's word in it. */
  phase: marketPhaseNameSchema,
  takesOrders: z.boolean(),
  phaseFrom: isoTime,
  phaseTo: isoTime,
  /** Name of today where it is not as its weekday is: `Republic Day`. */
  today: z.string().nullable(),
  /** Begin of the next session; `null` when none is known. */
  opensAt: isoTime.nullable(),
  /** First and last date that are covered; `null` without an end. */
  coverage: calendarCoverageSchema,
  /** A sentence from 30 days before the last covered date on. */
  warning: z.string().nullable(),
  sources: z.array(z.object({ what: z.string(), where: z.string() })),
});

/** One date with its phases. */
export const calendarDateAnswerSchema = z.object({
  date: calendarDateSchema,
  reason: z.string().nullable(),
  phases: z.array(
    z.object({
      phase: marketPhaseNameSchema,
      from: isoTime,
      to: isoTime,
      squareOffAt: isoTime.nullable(),
    }),
  ),
});

const hours = calendarDaySchema.shape.hours;

/** A calendar with its next days and what people changed of it. */
export const calendarAnswerSchema = calendarSummarySchema.extend({
  /** Names of hours that a day can be given. */
  hours: z.array(z.string()),
  /** The asked dates, the next 14 days by default; what is not listed between the stretches is closed. */
  dates: z.array(calendarDateAnswerSchema),
  /** Days that people set, by date. */
  changedDays: z.array(
    z.object({
      date: calendarDateSchema,
      hours,
      reason: z.string(),
      changedBy: z.string(),
      changedAt: isoTime,
    }),
  ),
  /** The last changes, newest first; `after` is `null` where a day was taken back. */
  changes: z.array(
    z.object({
      position: z.number().int().positive(),
      date: calendarDateSchema,
      before: hours.nullable(),
      after: hours.nullable(),
      changedBy: z.string(),
      reason: z.string(),
      changedAt: isoTime,
    }),
  ),
});

/** `PUT /api/v1/calendars/:id/days/:date`: an empty list of hours closes the day. */
export const calendarDayChangeSchema = z.strictObject({
  by: lineOfText(100),
  /** Shown beside the day: `Election in Mumbai`. */
  reason: lineOfText(200),
  hours,
});

/** `DELETE /api/v1/calendars/:id/days/:date`. */
export const calendarDayRemovalSchema = z.strictObject({ by: lineOfText(100), reason: lineOfText(200) });

export type CalendarSummary = z.infer<typeof calendarSummarySchema>;
export type CalendarAnswer = z.infer<typeof calendarAnswerSchema>;
export type CalendarDateAnswer = z.infer<typeof calendarDateAnswerSchema>;
export type CalendarDayChange = z.infer<typeof calendarDayChangeSchema>;
export type CalendarDayRemoval = z.infer<typeof calendarDayRemovalSchema>;
