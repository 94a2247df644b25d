import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { builtInCalendars, Calendars } from '@tickbridge/trading-core';
import { CalendarFolder } from './calendar.folder';

describe('the folder of calendars', () => {
  let directory: string;
  let folder: CalendarFolder;
  const write = (name: string, content: unknown) =>
    writeFile(join(directory, name), typeof content === 'string' ? content : JSON.stringify(content));

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'calendars-'));
    folder = new CalendarFolder({ directory, feeds: [] });
  });
  afterEach(() => rm(directory, { recursive: true, force: true }));

  it('need not exist', async () => {
    const absent = new CalendarFolder({ directory: join(directory, 'absent'), feeds: [] });
    expect(await absent.refresh()).toBe(false);
    expect(absent.current).toEqual({ files: [], additions: [], problems: [] });
  });

  it('adds the next year to a calendar', async () => {
    await write('2027.json', {
      extends: 'NSE_EQUITY',
      coverage: { to: '2027-12-31' },
      days: [{ date: '2027-01-26', reason: 'Republic Day', hours: [] }],
    });
    expect(await folder.refresh()).toBe(true);
    const calendars = new Calendars();
    const nse = calendars.of('NSE_EQUITY');
    const phaseOn = (date: string) => nse.phaseAt(Date.parse(`${date}T11:00:00+05:30`)).phase;
    expect([phaseOn('2027-01-25'), phaseOn('2027-01-26')]).toEqual(['unknown', 'unknown']);
    calendars.replaceChanges({ ...folder.current, days: [] });
    expect([phaseOn('2027-01-25'), phaseOn('2027-01-26')]).toEqual(['normal', 'closed']);
    calendars.replaceChanges({ files: [], additions: [], days: [] });
    expect(phaseOn('2027-01-25')).toBe('unknown');
  });

  it('takes a calendar of its own, also in the place of one that comes with the platform', async () => {
    const [nse] = builtInCalendars();
    await write('nse.json', { ...nse, days: [] });
    await write('own.json', { ...nse, id: 'OWN', days: [] });
    await folder.refresh();
    const calendars = new Calendars();
    calendars.replaceChanges({ ...folder.current, days: [] });
    const holiday = Date.parse('2026-11-24T11:00:00+05:30');
    expect(calendars.of('NSE_EQUITY').phaseAt(holiday).phase).toBe('normal');
    expect(calendars.of('OWN').phaseAt(holiday).phase).toBe('normal');
  });

  it.each<[string, unknown, RegExp]>([
    ['no JSON', '{', /no JSON object/],
    ['a list', [], /no JSON object/],
    ['an empty object', {}, /id: /],
    ['a date that is none', { extends: 'NSE_EQUITY', days: [{ date: '2027-02-30' }] }, /days\.0\.date/],
    [
      'a date twice',
      {
        extends: 'NSE_EQUITY',
        days: [
          { date: '2027-01-26', reason: 'one', hours: [] },
          { date: '2027-01-26', reason: 'two', hours: [] },
        ],
      },
      /each date once/,
    ],
    ['more than fits', 'x'.repeat(1_000_001), /larger than/],
  ])('names a file with %s and keeps the others', async (_title, content, problem) => {
    await write('bad.json', content);
    await write('good.json', { extends: 'NSE_EQUITY', coverage: { to: '2027-12-31' } });
    await write('readme.txt', 'not looked at');
    await folder.refresh();
    expect(folder.current.additions).toHaveLength(1);
    expect(folder.current.problems).toEqual([expect.stringMatching(problem)]);
    expect(folder.current.problems[0]).toContain('bad.json');
  });

  it('is read again only when something in it changed', async () => {
    await write('good.json', { extends: 'NSE_EQUITY', coverage: { to: '2027-12-31' } });
    expect(await folder.refresh()).toBe(true);
    expect(await folder.refresh()).toBe(false);
    await rm(join(directory, 'good.json'));
    expect(await folder.refresh()).toBe(true);
    expect(folder.current.additions).toEqual([]);
  });
});
