import { Calendars } from './calendars';
import { feedSilenceMs } from './feed-silence';
import type { SessionCalendar } from './session-calendar';

const at = (text: string) => Date.parse(text);
const calendars = new Calendars();
const nse = calendars.of('NSE_EQUITY');
const crypto = calendars.of('CRYPTO');

describe('the silence of a feed', () => {
  it.each<[string, SessionCalendar, string, string | undefined, number | undefined]>([
    ['within the session', nse, '2026-11-20T11:00:00+05:30', '2026-11-20T10:59:00+05:30', 60_000],
    ['before the session', nse, '2026-11-20T09:10:00+05:30', '2026-11-20T09:08:00+05:30', undefined],
    ['after the session', nse, '2026-11-20T15:31:00+05:30', '2026-11-20T15:29:00+05:30', undefined],
    [
      'in the first minute of the session',
      nse,
      '2026-11-20T09:15:59+05:30',
      '2026-11-20T09:15:01+05:30',
      undefined,
    ],
    [
      'between pre-open and the first price',
      nse,
      '2026-11-20T09:40:00+05:30',
      '2026-11-20T09:08:00+05:30',
      undefined,
    ],
    [
      'on a holiday that the calendar does not know',
      nse,
      '2026-11-24T11:00:00+05:30',
      '2026-11-23T15:29:59+05:30',
      undefined,
    ],
    ['on a Sunday', nse, '2026-11-22T11:00:00+05:30', '2026-11-20T15:29:59+05:30', undefined],
    ['without any price', nse, '2026-11-20T11:00:00+05:30', undefined, undefined],
    [
      'across midnight where trading never pauses',
      crypto,
      '2026-11-20T00:00:30Z',
      '2026-11-19T23:59:00Z',
      90_000,
    ],
    [
      'across sessions that follow each other',
      calendars.of('SIMULATED'),
      '2026-11-20T06:00:30Z',
      '2026-11-20T05:59:30Z',
      60_000,
    ],
  ])('%s', (_title, calendar, now, eventTime, silence) => {
    const newest =
      eventTime === undefined ? undefined : { eventTime: at(eventTime), ageMs: at(now) - at(eventTime) };
    expect(feedSilenceMs(calendar, at(now), newest)).toBe(silence);
  });
});
