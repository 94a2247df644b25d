import { z } from 'zod';
import {
  type CalendarAnswer,
  calendarAnswerSchema,
  calendarDayChangeSchema,
  calendarDayRemovalSchema,
  type CalendarSummary,
  calendarSummarySchema,
} from '../market/calendar-answers';
import { calendarDateSchema, calendarIdSchema } from '../market/calendar';
import { database } from './common-problems';
import { endpoint } from './endpoint';
import { wholeNumber } from './fields';

const summary: CalendarSummary = {
  id: 'NSE_EQUITY',
  name: 'NSE equity and equity derivatives',
  zone: 'Asia/Kolkata',
  phase: 'normal',
  takesOrders: true,
  phaseFrom: '2026-11-20T03:45:00.000Z',
  phaseTo: '2026-11-20T10:00:00.000Z',
  today: null,
  opensAt: '2026-11-23T03:45:00.000Z',
  coverage: { from: '2024-01-01', to: '2026-12-31' },
  warning: null,
  sources: [{ what: 'hours of a normal day', where: 'https://www.nseindia.com/market-data/market-timings' }],
};
const change = {
  changedBy: 'mira',
  reason: 'Election in Mumbai',
  changedAt: '2026-11-20T04:00:00.000Z',
};
const answer: CalendarAnswer = {
  ...summary,
  hours: ['regular', 'twoSessions'],
  dates: [
    {
      date: '2026-11-20',
      reason: null,
      phases: [
        {
          phase: 'normal',
          from: '2026-11-20T03:45:00.000Z',
          to: '2026-11-20T10:00:00.000Z',
          squareOffAt: '2026-11-20T09:45:00.000Z',
        },
      ],
    },
    { date: '2026-11-25', reason: 'Election in Mumbai', phases: [] },
  ],
  changedDays: [{ date: '2026-11-25', hours: [], ...change }],
  changes: [{ position: 1, date: '2026-11-25', before: null, after: [], ...change }],
};
const unknownCalendar = { CALENDAR_UNKNOWN: 'There is no such calendar' } as const;
const dayParams = z.strictObject({ id: calendarIdSchema, date: calendarDateSchema });

export const calendarEndpoints = {
  'GET /api/v1/calendars': endpoint({
    owner: 'risk-manager',
    tag: 'calendars',
    summary: 'The calendars, and what their markets do now',
    access: { least: 'viewer' },
    answer: z.array(calendarSummarySchema),
    answerExample: [summary],
    errors: {},
  }),

  'GET /api/v1/calendars/:id': endpoint({
    owner: 'risk-manager',
    tag: 'calendars',
    summary: 'One calendar with its days, and who changed which of them',
    access: { least: 'viewer' },
    params: z.strictObject({ id: calendarIdSchema }),
    query: z.strictObject({
      /** First date; today by default. */
      from: calendarDateSchema.optional(),
      days: wholeNumber(1, 400).default(14),
    }),
    answer: calendarAnswerSchema,
    answerExample: answer,
    errors: { ...unknownCalendar, ...database },
  }),

  'PUT /api/v1/calendars/:id/days/:date': endpoint({
    owner: 'risk-manager',
    tag: 'calendars',
    summary: 'Closes a day, or gives it other hours, with name and reason; in force within seconds',
    description:
      'Counts before the files, also on days that they do not cover. `hours` is a name of the calendar, or the phases themselves; an empty list closes the day.',
    access: { least: 'admin', audit: 'calendar.change', confirm: 'always' },
    params: dayParams,
    body: calendarDayChangeSchema,
    bodyExamples: {
      'A holiday at short notice': { by: 'mira', reason: 'Election in Mumbai', hours: [] },
      'A session as on other days': { by: 'mira', reason: 'Union Budget', hours: 'regular' },
      'A Muhurat evening': {
        by: 'mira',
        reason: 'Muhurat trading',
        hours: [
          { phase: 'preOpen', from: '17:45', to: '18:00' },
          { phase: 'special', from: '18:00', to: '19:00', squareOff: '18:50' },
        ],
      },
    },
    answer: calendarAnswerSchema,
    answerExample: answer,
    errors: { ...unknownCalendar, ...database },
  }),

  'DELETE /api/v1/calendars/:id/days/:date': endpoint({
    owner: 'risk-manager',
    tag: 'calendars',
    summary: 'Takes back what a person set for a day, with name and reason: it is again as the files say',
    access: { least: 'admin', audit: 'calendar.change', confirm: 'always' },
    params: dayParams,
    body: calendarDayRemovalSchema,
    bodyExamples: { 'The exchange trades after all': { by: 'mira', reason: 'second circular' } },
    answer: calendarAnswerSchema,
    answerExample: { ...answer, changedDays: [] },
    errors: { ...unknownCalendar, CALENDAR_DAY_NOT_SET: 'Nobody set this day', ...database },
  }),
};
