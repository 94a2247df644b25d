import fc from 'fast-check';
import { money, ZERO } from '../money/money';
import { Calendars } from '../sessions/calendars';
import { type DeliveryFill, settledPart, settlementOf, unsettled } from './settlement';

const calendars = new Calendars();
const NSE = calendars.of('NSE_EQUITY');
const fill = (at: string, side: DeliveryFill['side'], quantity: number, price = 100): DeliveryFill => ({
  key: 'INFY',
  side,
  quantity,
  price,
  fee: 1,
  at: Date.parse(at),
});
const left = (now: string, fills: readonly DeliveryFill[]) => unsettled(NSE, fills, Date.parse(now));

describe('settlement', () => {
  it.each([
    ['a weekday', 'NSE_EQUITY', '2026-11-18T05:00:00Z', '2026-11-19', '2026-11-19T10:00:00.000Z'],
    ['a Friday', 'NSE_EQUITY', '2026-11-20T05:00:00Z', '2026-11-23', '2026-11-23T10:00:00.000Z'],
    [
      'the day before a holiday',
      'NSE_EQUITY',
      '2026-11-23T05:00:00Z',
      '2026-11-25',
      '2026-11-25T10:00:00.000Z',
    ],
    [
      'an early close in New York',
      'US_EQUITY',
      '2026-11-25T16:00:00Z',
      '2026-11-27',
      '2026-11-27T18:00:00.000Z',
    ],
    ['coins, at once', 'CRYPTO', '2026-11-21T05:00:00Z', '2026-11-21', '2026-11-21T05:00:00.000Z'],
  ])('of %s', (_, calendar, traded, date, at) => {
    const settlement = settlementOf(calendars.of(calendar), Date.parse(traded));
    expect([settlement.date, new Date(settlement.at).toISOString()]).toEqual([date, at]);
  });

  it('is not known beyond the calendar', () => {
    expect(settlementOf(NSE, Date.parse('2026-12-31T05:00:00Z'))).toEqual({ date: null, at: Infinity });
  });

  it('brings what was bought at the close of the day after, and not before', () => {
    const fills = [fill('2026-11-18T05:00:00Z', 'BUY', 10)];
    const part = (now: string) => settledPart(money(10), left(now, fills).shares.get('INFY') ?? []);
    expect(part('2026-11-18T06:00:00Z')).toEqual({ quantity: ZERO, settlesOn: '2026-11-19' });
    expect(part('2026-11-19T09:59:59Z').quantity.toNumber()).toBe(0);
    expect(part('2026-11-19T10:00:00Z')).toEqual({ quantity: money(10), settlesOn: null });
  });

  it('pays what was sold, less what was bought the same day', () => {
    const sold = [fill('2026-11-18T05:00:00Z', 'SELL', 10), fill('2026-11-18T06:00:00Z', 'BUY', 4)];
    expect(left('2026-11-18T07:00:00Z', sold).cash.toNumber()).toBe(598);
    expect(left('2026-11-19T10:00:00Z', sold).cash.toNumber()).toBe(0);
    expect(left('2026-11-18T07:00:00Z', [fill('2026-11-18T05:00:00Z', 'BUY', 10)]).cash.toNumber()).toBe(0);
  });

  it('gives away what is settled first', () => {
    const fills = [fill('2026-11-18T05:00:00Z', 'BUY', 10), fill('2026-11-19T05:00:00Z', 'SELL', 6)];
    const { shares } = left('2026-11-19T06:00:00Z', fills);
    // 5 were there before: 6 go, of which 1 is of yesterday's.
    expect(settledPart(money(9), shares.get('INFY') ?? [])).toEqual({
      quantity: ZERO,
      settlesOn: '2026-11-19',
    });
    // 8 were there before.
    expect(settledPart(money(12), shares.get('INFY') ?? []).quantity.toNumber()).toBe(2);
  });

  it('leaves a part between nothing and all of what is held, and all of it in the end', () => {
    const trade = fc.record({
      side: fc.constantFrom('BUY' as const, 'SELL' as const),
      quantity: fc.integer({ min: 1, max: 100 }),
      hours: fc.integer({ min: 0, max: 24 * 8 }),
    });
    const from = Date.parse('2026-11-16T00:00:00Z');
    fc.assert(
      fc.property(fc.array(trade, { maxLength: 20 }), fc.integer({ min: 0, max: 200 }), (trades, before) => {
        const fills = trades.map(({ side, quantity, hours }) => ({
          ...fill('2026-11-16T00:00:00Z', side, quantity),
          at: from + hours * 3_600_000,
        }));
        for (const hours of [100, 200, 400]) {
          const now = from + hours * 3_600_000;
          const until = fills.filter(({ at }) => at <= now);
          const held = until.reduce(
            (sum, { side, quantity }) => sum.plus(side === 'BUY' ? quantity : -quantity),
            money(before),
          );
          if (held.isNegative()) continue;
          const { shares, cash } = unsettled(NSE, until, now);
          const { quantity } = settledPart(held, shares.get('INFY') ?? []);
          expect([quantity.gte(0), quantity.lte(held), cash.gte(0)]).toEqual([true, true, true]);
          if (hours === 400) expect([quantity.eq(held), cash.isZero()]).toEqual([true, true]);
        }
      }),
    );
  });
});
