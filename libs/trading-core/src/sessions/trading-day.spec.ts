import fc from 'fast-check';
import { Calendars } from './calendars';

const NAMES = ['NSE_EQUITY', 'NSE_CURRENCY', 'MCX', 'US_EQUITY', 'CRYPTO', 'SIMULATED'];

describe.each(NAMES)('the trading day of %s', (name) => {
  const calendar = new Calendars().of(name);
  const times = fc.integer({
    min: Date.parse('1990-01-01T00:00:00Z'),
    max: Date.parse('2090-01-01T00:00:00Z'),
  });

  it('holds its time, and is the same by its date', () => {
    fc.assert(
      fc.property(times, (time) => {
        const day = calendar.tradingDay(time);
        expect(time).toBeGreaterThanOrEqual(day.start);
        expect(time).toBeLessThan(day.end);
        expect(calendar.tradingDayOf(day.date)).toMatchObject({
          date: day.date,
          start: day.start,
          end: day.end,
        });
        expect([calendar.tradingDayStart(time), calendar.tradingDayEnd(time)]).toEqual([day.start, day.end]);
      }),
      { numRuns: 200 },
    );
  });

  it.each(['1970-01-01', '9999-12-30'])('is known for %s', (date) => {
    const { start, end } = calendar.tradingDayOf(date);
    expect(end).toBeGreaterThan(start);
  });
});
