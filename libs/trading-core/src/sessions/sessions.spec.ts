import { Calendars } from './calendars';
import { calendarOf } from './calendar-of';

const calendars = new Calendars();
const at = (iso: string) => Date.parse(iso);
const iso = (timeMs: number | null | undefined) =>
  typeof timeMs === 'number' ? new Date(timeMs).toISOString() : timeMs;

describe('the NSE calendar', () => {
  const calendar = calendars.of(calendarOf('truedata'));

  it.each([
    ['before the opening bell', '2026-11-20T03:44:59.999Z', false],
    ['at 09:15 IST', '2026-11-20T03:45:00.000Z', true],
    ['just before 15:30 IST', '2026-11-20T09:59:59.999Z', true],
    ['at 15:30 IST', '2026-11-20T10:00:00.000Z', false],
    ['on a Saturday', '2026-11-21T05:00:00.000Z', false],
    ['on a Sunday', '2026-11-22T05:00:00.000Z', false],
    ['on a Monday', '2026-11-23T05:00:00.000Z', true],
    ['on a Saturday in India that is still Friday in UTC', '2026-11-20T19:00:00.000Z', false],
  ])('%s', (_title, time, open) => {
    expect(calendar.sessionAt(at(time)) !== undefined).toBe(open);
  });

  it('squares off at 15:15 IST', () => {
    expect(iso(calendar.sessionAt(at('2026-11-20T05:00:00Z'))?.squareOffTime)).toBe(
      '2026-11-20T09:45:00.000Z',
    );
  });

  it('counts days from midnight in India', () => {
    expect(iso(calendar.tradingDayStart(at('2026-11-20T18:29:59.999Z')))).toBe('2026-11-19T18:30:00.000Z');
    expect(iso(calendar.tradingDayStart(at('2026-11-20T18:30:00.000Z')))).toBe('2026-11-20T18:30:00.000Z');
    expect(iso(calendar.tradingDayEnd(at('2026-11-20T18:30:00.000Z')))).toBe('2026-11-21T18:30:00.000Z');
  });
});

describe('the crypto calendar', () => {
  it.each(['binance', 'replay'] as const)(
    'is used for %s: open at any time, a day is a UTC day',
    (source) => {
      const calendar = calendars.of(calendarOf(source));
      const session = calendar.sessionAt(at('2024-08-08T23:54:15Z'));
      expect(calendar.id).toBe('CRYPTO');
      expect(iso(session?.openTime)).toBe('2024-08-08T00:00:00.000Z');
      expect(session?.squareOffTime).toBeNull();
    },
  );
});

describe('the simulated calendar', () => {
  const calendar = calendars.of(calendarOf('simulator'));

  it('has four sessions of six hours a day and is never closed', () => {
    const opens = [1, 7, 13, 19].map((hour) =>
      iso(calendar.sessionAt(at('2026-11-21T00:00:00Z') + hour * 3_600_000)?.openTime),
    );
    expect(opens).toEqual([
      '2026-11-21T00:00:00.000Z',
      '2026-11-21T06:00:00.000Z',
      '2026-11-21T12:00:00.000Z',
      '2026-11-21T18:00:00.000Z',
    ]);
  });

  it('counts days from midnight in India, as the exchange it imitates', () => {
    expect(iso(calendar.tradingDayStart(at('2026-11-20T18:29:59.999Z')))).toBe('2026-11-19T18:30:00.000Z');
    expect(iso(calendar.tradingDayEnd(at('2026-11-20T18:30:00.000Z')))).toBe('2026-11-21T18:30:00.000Z');
  });
});
