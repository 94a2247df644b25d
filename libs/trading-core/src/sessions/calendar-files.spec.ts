import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { calendarFileSchema } from '@tickbridge/contracts';
import { builtInCalendars } from './built-in-calendars';
import { Calendars } from './calendars';
import { laterDate } from './time-zone';

const FOLDER = join(__dirname, 'calendars');
const files = readdirSync(FOLDER).filter((name) => name.endsWith('.json'));

describe('the calendar files', () => {
  it.each(files)('%s is one, and named as it is called', (name) => {
    const file = calendarFileSchema.parse(JSON.parse(readFileSync(join(FOLDER, name), 'utf8')));
    expect(`${file.id}.json`).toBe(name);
    const dates = file.days.map(({ date }) => date);
    expect(dates).toEqual([...dates].sort());
  });

  it('are all taken in', () => {
    expect(
      builtInCalendars()
        .map(({ id }) => `${id}.json`)
        .sort(),
    ).toEqual([...files].sort());
  });

  it.each(builtInCalendars().map((file) => [file.id, file] as const))(
    '%s gives days without gaps for every date',
    (id, { coverage }) => {
      const calendar = new Calendars().of(id);
      let date = coverage.from ?? '2026-01-01';
      const last = coverage.to ?? '2026-12-31';
      for (; date <= last; date = laterDate(date, 1)) {
        const { start, end, stretches } = calendar.dayOf(date);
        expect(calendar.dayAt(start).date).toBe(date);
        expect(calendar.dayAt(end - 1).date).toBe(date);
        expect(stretches[0]?.from).toBe(start);
        expect(stretches.at(-1)?.to).toBe(end);
        stretches.slice(1).forEach(({ from }, index) => expect(from).toBe(stretches[index]?.to));
        expect(stretches.some(({ phase }) => phase === 'unknown')).toBe(false);
      }
    },
  );

  it('let MCX end its evening sessions when the season does', () => {
    const calendar = new Calendars().of('MCX');
    const closeOf = (date: string) =>
      calendar.dayOf(date).stretches.find(({ phase }) => phase === 'normal')?.to;
    for (const { date, hours } of calendar.file.days) {
      if (typeof hours !== 'string' || !hours.startsWith('evening')) continue;
      // The day before or after is of the same season and has regular hours.
      const neighbours = [-1, 1, -2, 2, -3, 3].map((days) => laterDate(date, days));
      const regular = neighbours.find(
        (one) => closeOf(one) !== undefined && !calendar.file.days.some((day) => day.date === one),
      ) as string;
      expect([date, (closeOf(date) as number) % 86_400_000]).toEqual([
        date,
        (closeOf(regular) as number) % 86_400_000,
      ]);
    }
  });
});
