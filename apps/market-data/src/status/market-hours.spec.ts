import type { FeedName } from '@tickbridge/contracts';
import { calendarOf, Calendars } from '@tickbridge/trading-core';
import { VendorWord } from '../feeds/vendor-word';
import { marketHours as hoursByCalendar } from './market-hours';

const calendars = new Calendars();
const marketHours = (feed: FeedName, word: VendorWord | null, now: number) =>
  hoursByCalendar(feed, word, calendars.of(calendarOf(feed)), now);

/** Times of Monday, 22 September 2025, in India. */
const at = (hour: number, minute: number) => Date.UTC(2025, 8, 22, hour, minute) - 5.5 * 3_600_000;
const NOON = at(12, 0);
const NIGHT = at(22, 0);
const SUNDAY = NOON - 86_400_000;

describe('market hours', () => {
  const said = (text: string, when: number) => {
    const word = new VendorWord();
    word.hear(text, when);
    return word;
  };

  it.each<[string, number, string]>([
    ['before the opening', at(9, 14), 'closed'],
    ['at the opening', at(9, 15), 'open'],
    ['before the close', at(15, 29), 'open'],
    ['at the close', at(15, 30), 'closed'],
    ['on a Sunday', SUNDAY, 'closed'],
  ])('of NSE follow the calendar %s', (_, now, state) => {
    expect(marketHours('truedata', null, now)).toMatchObject({
      state,
      decidedBy: 'calendar',
      calendar: 'NSE_EQUITY',
    });
  });

  it('end at the close of the running session', () => {
    expect(marketHours('truedata', null, NOON)?.closesAt).toBe('2025-09-22T10:00:00.000Z');
    expect(marketHours('truedata', null, NIGHT)?.closesAt).toBeNull();
  });

  it.each<[string, number, string]>([
    ['{"NSE_EQ":"CLOSED"}', NOON, 'closed'],
    ['"Market is closed today: holiday"', NOON, 'closed'],
    ['[{"exchange":"NSE","status":"Holiday"}]', NOON, 'closed'],
    ['{"NSE_EQ":"Open","MCX":"Close"}', NIGHT, 'open'],
  ])('follow the vendor who says %s', (text, now, state) => {
    expect(marketHours('truedata', said(text, now - 60_000), now)).toMatchObject({
      state,
      decidedBy: 'vendor',
      vendorSays: text,
    });
  });

  it.each<[string, string, number]>([
    ['is old', '{"NSE_EQ":"CLOSED"}', NOON - 600_000],
    ['cannot be understood', '{"NSE_EQ":1,"open":false}', NOON],
    ['is empty', '', NOON],
  ])('follow the calendar when the word of the vendor %s, and show it all the same', (_, text, when) => {
    expect(marketHours('truedata', said(text, when), NOON)).toMatchObject({
      state: 'open',
      decidedBy: 'calendar',
      vendorSays: text,
    });
  });

  it.each<[string, string, number, object]>([
    [
      'closed at noon although another market is open',
      '{"NSE_EQ":"CLOSED","MCX":"OPEN"}',
      NOON,
      { state: 'closed', phase: 'closed', takesOrders: false },
    ],
    [
      'closed at noon in rows of markets',
      '[{"exchange":"MCX","status":"Open"},{"exchange":"NSE_EQ","status":"Holiday"}]',
      NOON,
      { state: 'closed', phase: 'closed', takesOrders: false },
    ],
    [
      'open at night, which opens no session of a day that has one',
      '{"NSE_EQ":"OPEN"}',
      NIGHT,
      { state: 'open', phase: 'closed', takesOrders: false },
    ],
    [
      'open on a Sunday, which opens it',
      '{"NSE_EQ":"OPEN","MCX":"CLOSED"}',
      SUNDAY,
      { state: 'open', phase: 'special', takesOrders: true },
    ],
  ])('of a vendor who says %s', (_, text, now, expected) => {
    const status = marketHours('truedata', said(text, now - 30_000), now);
    expect(status).toMatchObject(expected);
    expect(status?.contradiction).toContain('NSE_EQUITY');
  });

  it('keep no more of a word than can be shown', () => {
    expect(marketHours('truedata', said('x'.repeat(1_000_000), NOON), NOON)?.vendorSays).toHaveLength(500);
  });

  it('never end for crypto and the simulated exchange, and mean nothing in a replay', () => {
    expect(marketHours('binance', null, SUNDAY)).toMatchObject({ state: 'open', calendar: 'CRYPTO' });
    expect(marketHours('simulator', null, SUNDAY)).toMatchObject({ state: 'open', calendar: 'SIMULATED' });
    expect(marketHours('replay', null, SUNDAY)).toBeNull();
  });
});
