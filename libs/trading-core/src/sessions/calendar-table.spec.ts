import { Calendars } from './calendars';

const calendars = new Calendars();
const IST = '+05:30';

/** What each exchange did at named moments, by the lists that the calendar files name as their sources. */
describe('the phase of a market', () => {
  it.each<[string, string, string, string]>([
    // A normal day of NSE, phase by phase.
    ['NSE_EQUITY', 'before the pre-open', `2026-11-20T08:59:59${IST}`, 'closed'],
    ['NSE_EQUITY', 'in the pre-open', `2026-11-20T09:00:00${IST}`, 'preOpen'],
    ['NSE_EQUITY', 'at the end of the pre-open', `2026-11-20T09:14:59${IST}`, 'preOpen'],
    ['NSE_EQUITY', 'at the opening', `2026-11-20T09:15:00${IST}`, 'normal'],
    ['NSE_EQUITY', 'after the close', `2026-11-20T15:30:00${IST}`, 'closed'],
    ['NSE_EQUITY', 'in the closing session', `2026-11-20T15:40:00${IST}`, 'closing'],
    ['NSE_EQUITY', 'after the closing session', `2026-11-20T16:00:00${IST}`, 'closed'],
    // Special days.
    ['NSE_EQUITY', 'on the budget Sunday of 2026', `2026-02-01T11:00:00${IST}`, 'normal'],
    ['NSE_EQUITY', 'on the budget Saturday of 2025', `2025-02-01T11:00:00${IST}`, 'normal'],
    ['NSE_EQUITY', 'on a Saturday in place of a Monday', `2024-01-20T15:00:00${IST}`, 'normal'],
    ['NSE_EQUITY', 'on that Monday', `2024-01-22T11:00:00${IST}`, 'closed'],
    ['NSE_EQUITY', 'on the election day of Mumbai', `2024-05-20T11:00:00${IST}`, 'closed'],
    ['NSE_EQUITY', 'on the election day of Maharashtra', `2024-11-20T11:00:00${IST}`, 'closed'],
    ['NSE_EQUITY', 'on the election day of its towns', `2026-01-15T11:00:00${IST}`, 'closed'],
    ['NSE_EQUITY', 'in the first of two sessions', `2024-05-18T09:30:00${IST}`, 'special'],
    ['NSE_EQUITY', 'between two sessions', `2024-05-18T10:30:00${IST}`, 'closed'],
    ['NSE_EQUITY', 'in the second of two sessions', `2024-05-18T11:45:00${IST}`, 'special'],
    ['NSE_EQUITY', 'after two sessions', `2024-05-18T13:30:00${IST}`, 'closed'],
    ['NSE_EQUITY', 'in the second session of 2 March 2024', `2024-03-02T12:00:00${IST}`, 'special'],
    // Muhurat evenings.
    ['NSE_EQUITY', 'in the morning of Muhurat 2024', `2024-11-01T11:00:00${IST}`, 'closed'],
    ['NSE_EQUITY', 'in the pre-open of Muhurat 2024', `2024-11-01T17:50:00${IST}`, 'preOpen'],
    ['NSE_EQUITY', 'in Muhurat 2024', `2024-11-01T18:30:00${IST}`, 'special'],
    ['NSE_EQUITY', 'after Muhurat 2024', `2024-11-01T19:00:00${IST}`, 'closed'],
    ['NSE_EQUITY', 'in the morning of Muhurat 2025', `2025-10-21T11:00:00${IST}`, 'closed'],
    ['NSE_EQUITY', 'at the end of Muhurat 2025', `2025-10-21T14:44:00${IST}`, 'special'],
    ['NSE_EQUITY', 'after Muhurat 2025', `2025-10-21T14:45:00${IST}`, 'closed'],
    ['NSE_EQUITY', 'in the pre-open of Muhurat 2023', `2023-11-12T18:05:00${IST}`, 'preOpen'],
    ['NSE_EQUITY', 'in Muhurat 2023', `2023-11-12T18:30:00${IST}`, 'special'],
    ['NSE_EQUITY', 'in the closing session of Muhurat 2023', `2023-11-12T19:30:00${IST}`, 'closing'],
    [
      'NSE_EQUITY',
      'on Muhurat 2026, whose times are left to the vendor',
      `2026-11-08T18:30:00${IST}`,
      'closed',
    ],
    // Other markets.
    ['MCX', 'crude on a Monday evening', `2026-11-23T20:00:00${IST}`, 'normal'],
    ['MCX', 'while the US is on winter time', `2026-11-23T23:54:59${IST}`, 'normal'],
    ['MCX', 'while the US is on summer time', `2026-07-20T23:29:59${IST}`, 'normal'],
    ['MCX', 'after 23:30 while the US is on summer time', `2026-07-20T23:30:00${IST}`, 'closed'],
    ['MCX', 'on the last evening of summer time', `2025-10-31T23:40:00${IST}`, 'closed'],
    ['MCX', 'on the first evening of winter time', `2025-11-03T23:40:00${IST}`, 'normal'],
    ['MCX', 'in the morning of Holi', `2026-03-03T11:00:00${IST}`, 'closed'],
    ['MCX', 'in the evening of Holi', `2026-03-03T18:00:00${IST}`, 'normal'],
    ['MCX', "in the morning of New Year's Day", `2026-01-01T11:00:00${IST}`, 'normal'],
    ['MCX', "in the evening of New Year's Day", `2026-01-01T18:00:00${IST}`, 'closed'],
    ['MCX', 'on the budget Sunday', `2026-02-01T11:00:00${IST}`, 'special'],
    ['NSE_CURRENCY', 'USDINR in the afternoon', `2026-11-23T16:30:00${IST}`, 'normal'],
    ['NSE_CURRENCY', 'USDINR in the evening', `2026-11-23T17:00:00${IST}`, 'closed'],
    ['NSE_CURRENCY', 'on a bank holiday of the state', `2026-02-19T11:00:00${IST}`, 'closed'],
    ['NSE_CURRENCY', 'on a holiday that was moved', `2025-09-05T11:00:00${IST}`, 'normal'],
    ['NSE_CURRENCY', 'on the day it was moved to', `2025-09-08T11:00:00${IST}`, 'closed'],
    ['US_EQUITY', 'before an early close', '2026-11-27T17:59:59Z', 'normal'],
    ['US_EQUITY', 'at an early close', '2026-11-27T18:00:00Z', 'closed'],
    ['US_EQUITY', 'on Thanksgiving Day', '2026-11-26T16:00:00Z', 'closed'],
    ['US_EQUITY', 'the Friday before clocks go forward', '2026-03-06T14:30:00Z', 'normal'],
    ['US_EQUITY', 'the Friday before clocks go forward, earlier', '2026-03-06T14:29:59Z', 'closed'],
    ['US_EQUITY', 'the Monday after', '2026-03-09T13:30:00Z', 'normal'],
    ['US_EQUITY', 'the Monday after, earlier', '2026-03-09T13:29:59Z', 'closed'],
    ['US_EQUITY', 'the Friday before clocks go back', '2026-10-30T19:59:59Z', 'normal'],
    ['US_EQUITY', 'the Friday before clocks go back, later', '2026-10-30T20:00:00Z', 'closed'],
    ['US_EQUITY', 'the Monday after that', '2026-11-02T20:59:59Z', 'normal'],
    ['US_EQUITY', 'the Monday after that, later', '2026-11-02T21:00:00Z', 'closed'],
    ['CRYPTO', 'at any time', '2031-05-04T03:02:01Z', 'normal'],
    // Days that no file covers are not guessed.
    ['NSE_EQUITY', 'after its horizon', `2027-01-04T11:00:00${IST}`, 'unknown'],
    ['NSE_EQUITY', 'before its first year', `2023-11-13T11:00:00${IST}`, 'unknown'],
  ])('%s %s', (id, _when, time, phase) => {
    expect(calendars.of(id).phaseAt(Date.parse(time)).phase).toBe(phase);
  });

  const weekdays = {
    2024: '01-22 01-26 03-08 03-25 03-29 04-11 04-17 05-01 05-20 06-17 07-17 08-15 10-02 11-15 11-20 12-25',
    2025: '02-26 03-14 03-31 04-10 04-14 04-18 05-01 08-15 08-27 10-02 10-22 11-05 12-25',
    2026: '01-15 01-26 03-03 03-26 03-31 04-03 04-14 05-01 05-28 06-26 09-14 10-02 10-20 11-10 11-24 12-25',
  };
  it.each(
    Object.entries(weekdays).flatMap(([year, dates]) => dates.split(' ').map((date) => `${year}-${date}`)),
  )('NSE_EQUITY on %s is closed all day', (date) => {
    const { stretches } = calendars.of('NSE_EQUITY').dayOf(date);
    expect(stretches.map(({ phase }) => phase)).toEqual(['closed']);
  });
});

describe('square-off', () => {
  it.each([
    ['NSE_EQUITY', 'on a normal day', `2026-11-20T11:00:00${IST}`, '2026-11-20T09:45:00.000Z'],
    ['NSE_EQUITY', 'on a Muhurat evening', `2024-11-01T18:30:00${IST}`, '2024-11-01T13:20:00.000Z'],
    ['NSE_EQUITY', 'on the Muhurat evening of 2023', `2023-11-12T18:30:00${IST}`, '2023-11-12T13:31:00.000Z'],
    ['NSE_EQUITY', 'in the second of two sessions', `2024-05-18T12:00:00${IST}`, '2024-05-18T06:50:00.000Z'],
    ['MCX', 'in summer', `2026-07-20T20:00:00${IST}`, '2026-07-20T17:45:00.000Z'],
    ['MCX', 'in winter', `2026-11-23T20:00:00${IST}`, '2026-11-23T18:10:00.000Z'],
    ['NSE_CURRENCY', 'on a normal day', `2026-11-23T16:30:00${IST}`, '2026-11-23T11:15:00.000Z'],
  ])('of %s %s', (id, _when, time, expected) => {
    const cutoff = calendars.of(id).sessionAt(Date.parse(time))?.squareOffTime;
    expect(new Date(cutoff ?? 0).toISOString()).toBe(expected);
  });
});

describe('the next opening', () => {
  it.each<[string, string, string, string | undefined]>([
    ['after a Friday', `2026-11-20T16:30:00${IST}`, 'NSE_EQUITY', '2026-11-23T03:45:00.000Z'],
    ['before a holiday', `2026-11-23T16:30:00${IST}`, 'NSE_EQUITY', '2026-11-25T03:45:00.000Z'],
    ['in the pre-open', `2026-11-20T09:05:00${IST}`, 'NSE_EQUITY', '2026-11-20T03:45:00.000Z'],
    ['past the horizon', `2026-12-31T16:30:00${IST}`, 'NSE_EQUITY', undefined],
    ['over a change of clocks', '2026-03-06T22:00:00Z', 'US_EQUITY', '2026-03-09T13:30:00.000Z'],
  ])('%s', (_when, time, id, expected) => {
    const next = calendars.of(id).nextOpening(Date.parse(time));
    expect(next === undefined ? undefined : new Date(next).toISOString()).toBe(expected);
  });
});
