import fc from 'fast-check';
import { laterDate, TimeZone } from './time-zone';

const zones = fc.constantFrom(...Intl.supportedValuesOf('timeZone'));
const dates = fc
  .integer({ min: Date.parse('2020-01-01T00:00:00Z'), max: Date.parse('2036-01-01T00:00:00Z') })
  .map((time) => new Date(time).toISOString().slice(0, 10));
const HALF_HOURS = Array.from({ length: 49 }, (_, half) => {
  const [hours, minutes] = [Math.floor(half / 2), (half % 2) * 30];
  return `${String(hours).padStart(2, '0')}:${String(minutes).padStart(2, '0')}`;
});
const utc = (zone: string, date: string, time: string) =>
  new Date(new TimeZone(zone).at(date, time)).toISOString();

describe('a time zone', () => {
  it.each([
    ['a winter morning', 'America/New_York', '2026-11-20', '09:30', '2026-11-20T14:30:00.000Z'],
    [
      'an hour that clocks skip: when they do',
      'America/New_York',
      '2026-03-08',
      '02:30',
      '2026-03-08T07:00:00.000Z',
    ],
    ['its end', 'America/New_York', '2026-03-08', '03:00', '2026-03-08T07:00:00.000Z'],
    [
      'an hour that clocks show twice: the first',
      'America/New_York',
      '2026-11-01',
      '01:30',
      '2026-11-01T05:30:00.000Z',
    ],
    ['the end of a day of 25 hours', 'America/New_York', '2026-11-01', '24:00', '2026-11-02T05:00:00.000Z'],
    ['the end of a day of 23 hours', 'America/New_York', '2026-03-08', '24:00', '2026-03-09T04:00:00.000Z'],
    ['a midnight that clocks skip', 'America/Santiago', '2026-09-06', '00:00', '2026-09-06T04:00:00.000Z'],
    ['another', 'Africa/Cairo', '2026-04-24', '00:00', '2026-04-23T22:00:00.000Z'],
    ['half an hour', 'Australia/Lord_Howe', '2026-10-04', '02:15', '2026-10-03T15:30:00.000Z'],
  ])('tells %s', (_, zone, date, time, instant) => {
    expect(utc(zone, date, time)).toBe(instant);
  });

  it('keeps times of day in their order, whatever clocks do on that day', () => {
    fc.assert(
      fc.property(zones, dates, (name, date) => {
        const zone = new TimeZone(name);
        const times = HALF_HOURS.map((time) => zone.at(date, time));
        expect(times).toEqual(times.toSorted((a, b) => a - b));
        expect(times.at(-1)).toBe(zone.at(laterDate(date, 1), '00:00'));
      }),
      { numRuns: 300 },
    );
  });

  it('has every moment in the day of its date', () => {
    const moments = fc.integer({ min: Date.UTC(2020, 0), max: Date.UTC(2036, 0) });
    fc.assert(
      fc.property(zones, moments, (name, time) => {
        const zone = new TimeZone(name);
        const date = zone.dateAt(time);
        expect(time).toBeGreaterThanOrEqual(zone.at(date, '00:00'));
        expect(time).toBeLessThan(zone.at(laterDate(date, 1), '00:00'));
      }),
      { numRuns: 500 },
    );
  });
});
