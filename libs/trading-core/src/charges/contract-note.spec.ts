import { aShare } from '../testing/instruments';
import { ChargeTable } from './charge-table';
import { chargesOf, chargeTexts, filledBy, unfilled } from './charges-of';
import { contractNote } from './contract-note';

const table = new ChargeTable();
const terms = (product: 'delivery' | 'intraday') =>
  table.termsOf({ plan: 'zerodha/standard', instrument: aShare('ACME'), product, date: '2026-11-20' });
const sale = (product: 'delivery' | 'intraday', quantity: number, price: number) =>
  chargesOf(filledBy(unfilled('SELL'), { quantity, price }), terms(product));

describe('a contract note', () => {
  // Zerodha's page on the transaction tax, and its forum (threads 21903 and 88483).
  it.each([
    ['12.97 is 13', 'intraday', 500, 103.75, '13'],
    ['20.75 is 21', 'delivery', 200, 103.75, '21'],
    ['2.53 is 3', 'intraday', 100, 101, '3'],
    ['0.52 is 1', 'intraday', 20, 103.55, '1'],
    ['100.60 is 101', 'delivery', 1, 100_600, '101'],
    ['100.40 is 100', 'delivery', 1, 100_400, '100'],
  ] as const)('rounds the transaction tax to the rupee: %s', (_title, product, quantity, price, tax) => {
    const note = contractNote([sale(product, quantity, price)], terms(product).terms);
    expect(note.charges.get('transaction-tax')?.toFixed()).toBe(tax);
  });

  it('rounds the sum of the day, not each order', () => {
    const orders = Array.from({ length: 5 }, () => sale('intraday', 1, 1_000));
    const note = contractNote(orders, terms('intraday').terms);
    expect(orders[0]?.get('transaction-tax')?.toFixed()).toBe('0.25');
    expect(note.charges.get('transaction-tax')?.toFixed()).toBe('1');
    expect(chargeTexts(note.rounding)).toEqual({ 'transaction-tax': '-0.25' });
  });

  it('has nothing of a day without orders', () => {
    expect(contractNote([], terms('intraday').terms).charges.size).toBe(0);
  });
});
