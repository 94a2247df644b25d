import { Calendars } from './calendars';
import { feedSilenceMs } from './feed-silence';
import { marketPhase, type VendorStatus } from './market-phase';

const nse = new Calendars().of('NSE_EQUITY');
const at = (text: string) => Date.parse(`${text}+05:30`);
const vendor = (state: VendorStatus['state'], saidAt: string, since = saidAt): VendorStatus => ({
  state,
  since: at(since),
  saidAt: at(saidAt),
});

/** A working day, a holiday, a Muhurat day and a day that no calendar covers. */
const FRIDAY = '2026-11-20T';
const HOLIDAY = '2026-11-24T';
const MUHURAT = '2025-10-21T';
const UNCOVERED = '2027-01-04T';

describe('the two witnesses of a market', () => {
  it.each<[string, string, VendorStatus | null, string, boolean, string, boolean]>([
    ['the calendar alone', `${FRIDAY}11:00`, null, 'normal', true, 'calendar', false],
    ['both open', `${FRIDAY}11:00`, vendor('open', `${FRIDAY}10:59`), 'normal', true, 'calendar', false],
    [
      'the vendor closed at noon',
      `${FRIDAY}11:00`,
      vendor('closed', `${FRIDAY}10:59`),
      'closed',
      false,
      'vendor',
      true,
    ],
    [
      'the vendor not open yet',
      `${FRIDAY}09:15:30`,
      vendor('closed', `${FRIDAY}09:15:10`),
      'closed',
      false,
      'vendor',
      false,
    ],
    [
      'an old word of the vendor',
      `${FRIDAY}11:00`,
      vendor('closed', `${FRIDAY}10:56`),
      'normal',
      true,
      'calendar',
      false,
    ],
    [
      'a question about an hour before the word',
      `${FRIDAY}10:00`,
      vendor('closed', `${FRIDAY}11:00`),
      'normal',
      true,
      'calendar',
      false,
    ],
    [
      'the vendor open in the pre-open',
      `${FRIDAY}09:05`,
      vendor('open', `${FRIDAY}09:04`),
      'preOpen',
      false,
      'calendar',
      false,
    ],
    [
      'the vendor still open after the close',
      `${FRIDAY}15:31`,
      vendor('open', `${FRIDAY}15:30`),
      'closed',
      false,
      'calendar',
      false,
    ],
    [
      'the vendor open at night',
      `${FRIDAY}20:00`,
      vendor('open', `${FRIDAY}19:59`),
      'closed',
      false,
      'calendar',
      true,
    ],
    [
      'both closed',
      `${HOLIDAY}11:00`,
      vendor('closed', `${HOLIDAY}10:59`),
      'closed',
      false,
      'calendar',
      false,
    ],
    [
      'the vendor open on a holiday',
      `${HOLIDAY}11:00`,
      vendor('open', `${HOLIDAY}10:59`),
      'special',
      true,
      'vendor',
      true,
    ],
    [
      'the vendor open in the morning of a Muhurat day',
      `${MUHURAT}11:00`,
      vendor('open', `${MUHURAT}10:59`),
      'closed',
      false,
      'calendar',
      true,
    ],
    [
      'the vendor open on a day that is not covered',
      `${UNCOVERED}11:00`,
      vendor('open', `${UNCOVERED}10:59`),
      'unknown',
      false,
      'calendar',
      false,
    ],
  ])('%s', (_title, now, word, phase, takesOrders, decidedBy, contradicts) => {
    const market = marketPhase(nse, word, at(now));
    expect(market).toMatchObject({ phase, takesOrders, decidedBy });
    expect(market.session !== undefined).toBe(takesOrders);
    expect(market.contradiction !== null).toBe(contradicts);
  });

  it('leave a day closed that a person closed, whatever the vendor says', () => {
    const calendars = new Calendars();
    const hours = { calendar: 'NSE_EQUITY', day: { date: '2026-11-20', reason: 'Mourning', hours: [] } };
    calendars.replaceChanges({ files: [], additions: [], days: [hours] });
    const market = marketPhase(
      calendars.of('NSE_EQUITY'),
      vendor('open', `${FRIDAY}10:59`),
      at(`${FRIDAY}11:00`),
    );
    expect(market).toMatchObject({ phase: 'closed', takesOrders: false, decidedBy: 'calendar' });
    expect(market.contradiction).toContain('Mourning');
  });

  it('let a session that the vendor opened begin when it first said so', () => {
    const word = vendor('open', `${HOLIDAY}18:29:30`, `${HOLIDAY}18:00:10`);
    expect(marketPhase(nse, word, at(`${HOLIDAY}18:30`)).session).toEqual({
      openTime: at(`${HOLIDAY}18:00:10`),
      closeTime: at('2026-11-25T00:00'),
      squareOffTime: null,
    });
  });
});

describe('silence of a feed', () => {
  const newest = { eventTime: at(`${FRIDAY}10:55`), ageMs: 300_000 };

  it('means nothing while the vendor says that the market is closed', () => {
    const now = at(`${FRIDAY}11:00`);
    expect(feedSilenceMs(nse, now, newest)).toBe(300_000);
    expect(feedSilenceMs(nse, now, newest, vendor('open', `${FRIDAY}10:59`))).toBe(300_000);
    expect(feedSilenceMs(nse, now, newest, vendor('closed', `${FRIDAY}10:59`))).toBeUndefined();
  });

  it.each([
    ['on a holiday', `${HOLIDAY}11:00`],
    ['in the pre-open', `${FRIDAY}09:10`],
    ['in the closing session', `${FRIDAY}15:50`],
    ['on a day that is not covered', `${UNCOVERED}11:00`],
  ])('means nothing %s', (_title, now) => {
    expect(feedSilenceMs(nse, at(now), { eventTime: at(now) - 400_000, ageMs: 400_000 })).toBeUndefined();
  });
});
