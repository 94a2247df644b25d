import fc from 'fast-check';
import { addedTexts, noteDifference, totalOfTexts } from './note-comparison';

const amounts = fc.dictionary(
  fc.constantFrom('brokerage', 'exchange', 'transaction-tax'),
  fc.integer({ min: -100_000, max: 100_000 }).map((paise) => (paise / 100).toFixed(2)),
);

describe('a note compared with what was booked', () => {
  it('differs by item; what agrees is left out', () => {
    const booked = { brokerage: '20', 'transaction-tax': '12.97', unitemised: '1' };
    const stated = { brokerage: '20', 'transaction-tax': '13', clearing: '0.5' };
    expect(noteDifference(booked, stated)).toEqual({
      'transaction-tax': '0.03',
      clearing: '0.5',
      unitemised: '-1',
    });
  });

  it('differs by nothing once the difference is booked', () => {
    fc.assert(
      fc.property(amounts, amounts, (booked, stated) => {
        const difference = noteDifference(booked, stated);
        expect(noteDifference(addedTexts([booked, difference]), stated)).toEqual({});
        expect(totalOfTexts(difference).eq(totalOfTexts(stated).minus(totalOfTexts(booked)))).toBe(true);
      }),
    );
  });
});
