import type { FeedName } from '@tickbridge/contracts';
import { Calendars } from '@tickbridge/trading-core';
import { CalendarHealth } from './calendar.health';
import type { CalendarWatch } from './calendar.watch';

const health = (feeds: FeedName[], problems: string[] = []) =>
  new CalendarHealth(new Calendars(), { problems } as unknown as CalendarWatch, { directory: '', feeds });
const at = (text: string) => Date.parse(`${text}+05:30`);

describe('the health of calendars', () => {
  it.each<[string, FeedName[], string, string, RegExp | undefined]>([
    ['more than 30 days before the horizon', ['truedata'], '2026-12-01T23:00', 'up', undefined],
    ['30 days before it', ['truedata'], '2026-12-02T01:00', 'degraded', /ends with 2026-12-31, in 30 days/],
    ['on its last day', ['truedata'], '2026-12-31T11:00', 'degraded', /in 1 days/],
    ['past it', ['truedata'], '2027-01-01T00:00', 'degraded', /ended with 2026-12-31: no orders/],
    ['for markets without an end', ['simulator', 'binance'], '2031-01-01T00:00', 'up', undefined],
  ])('%s', (_title, feeds, now, status, detail) => {
    const answer = health(feeds).health(at(now));
    expect(answer.status).toBe(status);
    if (detail) expect(answer.detail).toMatch(detail);
  });

  it('names a file that cannot be used', () => {
    expect(health(['simulator'], ['mine.json: no JSON object']).health()).toEqual({
      status: 'degraded',
      detail: 'mine.json: no JSON object',
    });
  });
});
