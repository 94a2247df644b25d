import fc from 'fast-check';
import { applyTrade, EMPTY_HOLDING } from '../portfolio/holding';
import { money, sumOf } from '../index';
import { taxCategory } from './tax-category';
import { type LotFill, lotGain, taxLots } from './tax-lots';

const fill = (side: 'BUY' | 'SELL', quantity: number, price: number, day: string, fee = 0): LotFill => ({
  side,
  quantity,
  price,
  fee,
  day,
});
const shown = (fills: LotFill[], sameDayFirst = false) =>
  taxLots(fills, sameDayFirst).map((lot) => [
    lot.quantity.toNumber(),
    lot.openedDay,
    lot.closedDay,
    lotGain(lot).toNumber(),
    lot.charges.toNumber(),
  ]);

describe('lots of a tax return', () => {
  it('close the first in first, and share charges by quantity', () => {
    const fills = [
      fill('BUY', 10, 100, '2026-01-01', 10),
      fill('BUY', 10, 110, '2026-01-02', 20),
      fill('SELL', 15, 120, '2026-01-03', 3),
    ];
    expect(shown(fills)).toEqual([
      [10, '2026-01-01', '2026-01-03', 200, 12],
      [5, '2026-01-02', '2026-01-03', 50, 11],
    ]);
  });

  it('pair purchases and sales of one day first where the law has it so', () => {
    const fills = [
      fill('BUY', 10, 100, '2026-01-01'),
      fill('SELL', 10, 120, '2026-01-03'),
      fill('BUY', 10, 115, '2026-01-03'),
      fill('SELL', 4, 118, '2026-01-04'),
    ];
    expect(shown(fills, true)).toEqual([
      [10, '2026-01-03', '2026-01-03', 50, 0],
      [4, '2026-01-01', '2026-01-04', 72, 0],
    ]);
    expect(shown(fills, false)).toEqual([
      [10, '2026-01-01', '2026-01-03', 200, 0],
      [4, '2026-01-03', '2026-01-04', 12, 0],
    ]);
  });

  it('count what was sold first', () => {
    const fills = [fill('SELL', 5, 100, '2026-01-01'), fill('BUY', 8, 90, '2026-01-01')];
    expect(shown(fills)).toEqual([[5, '2026-01-01', '2026-01-01', 50, 0]]);
  });

  it('lose no quantity, no charge and no profit, whatever is traded', () => {
    const fills = fc.array(
      fc.record({
        side: fc.constantFrom('BUY' as const, 'SELL' as const),
        quantity: fc.integer({ min: 1, max: 50 }),
        price: fc.integer({ min: 1, max: 500 }),
        fee: fc.integer({ min: 0, max: 900 }).map((paise) => paise / 100),
        day: fc.integer({ min: 1, max: 9 }).map((date) => `2026-01-0${date}`),
      }),
      { maxLength: 25 },
    );
    fc.assert(
      fc.property(fills, fc.boolean(), (drawn, sameDayFirst) => {
        const all = [...drawn].sort((left, right) =>
          left.day < right.day ? -1 : left.day > right.day ? 1 : 0,
        );
        const net = all.reduce((sum, { side, quantity }) => sum + (side === 'BUY' ? quantity : -quantity), 0);
        // Flat in the end: everything was closed, so everything has to be there.
        const last = fill(net > 0 ? 'SELL' : 'BUY', Math.abs(net), 77, '2026-02-01', 1.11);
        const ended = net === 0 ? all : [...all, last];
        const lots = taxLots(ended, sameDayFirst);
        const bought = ended.filter(({ side }) => side === 'BUY').map(({ quantity }) => quantity);
        expect(sumOf(lots.map(({ quantity }) => quantity)).eq(sumOf(bought))).toBe(true);
        expect(sumOf(lots.map(({ charges }) => charges)).eq(sumOf(ended.map(({ fee }) => fee)))).toBe(true);
        const booked = ended.reduce(
          ({ holding, realized }, trade) => {
            const effect = applyTrade(holding, trade);
            return { holding: effect.holding, realized: realized.plus(effect.realized) };
          },
          { holding: EMPTY_HOLDING, realized: money(0) },
        );
        expect(sumOf(lots.map(lotGain)).toDecimalPlaces(9).eq(booked.realized.toDecimalPlaces(9))).toBe(true);
      }),
    );
  });
});

describe('the tax category of a closed lot', () => {
  const stock = { assetClass: 'stock' } as const;
  it.each([
    ['within a day in India', 'delivery', '2026-01-05', '2026-01-05', stock, true, 'speculative'],
    ['intraday over midnight', 'intraday', '2026-01-05', '2026-01-06', stock, true, 'speculative'],
    ['the next day', 'delivery', '2026-01-05', '2026-01-06', stock, true, 'short-term'],
    ['exactly a year', 'delivery', '2025-01-05', '2026-01-05', stock, true, 'short-term'],
    ['a year and a day', 'delivery', '2025-01-05', '2026-01-06', stock, true, 'long-term'],
    ['from a leap day', 'delivery', '2024-02-29', '2025-03-01', stock, true, 'long-term'],
    ['within a day elsewhere', 'margin', '2026-01-05', '2026-01-05', stock, false, 'short-term'],
    ['a future', 'intraday', '2026-01-05', '2026-01-05', { assetClass: 'future' }, true, 'derivative'],
    ['an option', 'margin', '2026-01-05', '2026-03-05', { assetClass: 'option' }, true, 'derivative'],
    ['a coin', 'spot', '2020-01-05', '2026-01-05', { assetClass: 'crypto' }, false, 'crypto'],
    ['what no list has', 'delivery', '2026-01-05', '2026-01-06', undefined, true, undefined],
  ] as const)('%s', (_, product, openedDay, closedDay, instrument, inIndia, category) => {
    expect(taxCategory({ product, openedDay, closedDay }, instrument, inIndia)).toBe(category);
  });
});
