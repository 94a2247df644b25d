import type { VendorStatuses } from '@tickbridge/calendars';
import { Calendars, type VendorStatus } from '@tickbridge/trading-core';
import { MarketHours } from './market-hours';
import type { InstrumentFinder } from './trading-feed';
import { TradingFeeds } from './trading-feeds';

/** A Friday and a holiday of NSE, at eleven. */
const FRIDAY = Date.parse('2026-11-20T11:00:00+05:30');
const HOLIDAY = Date.parse('2026-11-24T11:00:00+05:30');

describe('the hours in which figures move the kill ladder', () => {
  const calendars = new Calendars();
  const hoursAt = (
    now: number,
    vendor: VendorStatus | null = null,
    feed: 'truedata' | 'replay' = 'truedata',
  ) =>
    new MarketHours(new TradingFeeds([feed], calendars), { now: () => now, observe: () => undefined }, {
      of: () => vendor,
    } as unknown as VendorStatuses).ladderActs(feed);
  const says = (state: VendorStatus['state'], at: number): VendorStatus => ({ state, since: at, saidAt: at });

  it('are those of the calendar, until the vendor says that the market is closed', () => {
    expect(hoursAt(FRIDAY)).toBe(true);
    expect(hoursAt(FRIDAY, says('closed', FRIDAY - 30_000))).toBe(false);
    expect(hoursAt(HOLIDAY)).toBe(false);
    expect(hoursAt(HOLIDAY, says('open', HOLIDAY - 120_000))).toBe(true);
  });

  it('end at once when a person closes the day', () => {
    const day = { date: '2026-11-20', reason: 'Mourning', hours: [] };
    calendars.replaceChanges({ files: [], additions: [], days: [{ calendar: 'NSE_EQUITY', day }] });
    expect(hoursAt(FRIDAY)).toBe(false);
    calendars.replaceChanges({ files: [], additions: [], days: [] });
    expect(hoursAt(FRIDAY)).toBe(true);
  });

  it('go on while the market of something that is held is open', async () => {
    const crude = {
      calendarsBeside: async () => new Map([['CRUDEOIL', 'MCX']]),
    } as unknown as InstrumentFinder;
    const feeds = new TradingFeeds(['truedata'], calendars, crude);
    await feeds.learnCalendars();
    const evening = Date.parse('2026-11-20T20:00:00+05:30');
    const closed = { of: () => says('closed', evening - 30_000) } as unknown as VendorStatuses;
    const hours = new MarketHours(feeds, { now: () => evening, observe: () => undefined }, closed);
    expect(hours.ladderActs('truedata')).toBe(false);
    expect(hours.ladderActs('truedata', ['INFY'])).toBe(false);
    expect(hours.ladderActs('truedata', ['INFY', 'CRUDEOIL'])).toBe(true);
  });

  it('are none in a replay, whose losses are part of the play', () => {
    expect(hoursAt(FRIDAY, null, 'replay')).toBe(false);
  });
});
