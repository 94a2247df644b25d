import fc from 'fast-check';
import { money, moneyText, ZERO } from '../money/money';
import { BookFold, cashOf, type StoredPosition } from './book-fold';
import { equityRange } from './equity-range';
import { applyTrade, EMPTY_HOLDING } from './holding';
import { foldTrades, type PortfolioTrade } from './portfolio';

const trades = fc.array(
  fc.record<PortfolioTrade>({
    strategy: fc.constantFrom('one', 'two'),
    symbol: fc.constantFrom('A', 'B', 'C'),
    side: fc.constantFrom('BUY', 'SELL'),
    quantity: fc.oneof(
      fc.integer({ min: 1, max: 1_000 }),
      fc.integer({ min: 1, max: 1e9 }).map((lots) => lots / 1e8),
    ),
    price: fc.double({ min: 0.01, max: 100_000, noNaN: true }),
    fee: fc.double({ min: 0, max: 100, noNaN: true }).map((fee) => money(fee).toFixed(8)),
  }),
  { maxLength: 60 },
);

/** Fill by fill as the ledger does it: every figure goes through its text in the database. */
function incremental(capital: string, all: readonly PortfolioTrade[]) {
  const rows = new Map<string, StoredPosition>();
  let cash = capital;
  for (const trade of all) {
    const { strategy, symbol } = trade;
    const row = rows.get(`${strategy} ${symbol}`);
    const held = row
      ? {
          quantity: money(row.quantity),
          cost: money(row.cost),
          realized: money(row.realized),
          fees: money(row.fees),
          closedNet: money(row.closedNet),
        }
      : EMPTY_HOLDING;
    const effect = applyTrade(held, trade);
    const { quantity, cost, realized, fees, closedNet } = effect.holding;
    rows.set(`${strategy} ${symbol}`, {
      strategy,
      symbol,
      quantity: moneyText(quantity),
      cost: moneyText(cost),
      realized: moneyText(realized),
      fees: moneyText(fees),
      closedNet: moneyText(closedNet),
    });
    cash = moneyText(money(cash).plus(effect.cash));
  }
  return { rows: [...rows.values()], cash };
}

describe('the books', () => {
  const fold = (all: readonly PortfolioTrade[]) => {
    const books = new BookFold('100000');
    for (const trade of all) books.add(trade);
    return books;
  };

  it('kept fill by fill agree with the fold of all fills, to the last digit', () => {
    fc.assert(
      fc.property(trades, (all) => {
        const { rows, cash } = incremental('100000', all);
        expect(fold(all).differences(rows, cash)).toEqual([]);
        expect(moneyText(foldTrades('100000', all).cash)).toBe(cash);
      }),
    );
  });

  it('give the cash without looking at a single fill', () => {
    fc.assert(
      fc.property(trades, (all) => {
        const { rows, cash } = incremental('100000', all);
        const holdings = rows.map(({ cost, realized, fees }) => ({
          cost: money(cost),
          realized: money(realized),
          fees: money(fees),
        }));
        expect(moneyText(cashOf('100000', holdings))).toBe(cash);
      }),
    );
  });

  it('that were tampered with are found, whatever the figure', () => {
    const all: PortfolioTrade[] = [
      { strategy: 'one', symbol: 'A', side: 'BUY', quantity: 10, price: 100, fee: '1' },
    ];
    const { rows, cash } = incremental('100000', all);
    const [row] = rows as [StoredPosition];
    const books = fold(all);
    expect(books.differences([{ ...row, cost: '1000.01' }], cash)).toEqual([
      { what: 'cost of one in A', stored: '1000.01', computed: '1000' },
    ]);
    expect(books.differences([row], '99000')).toEqual([{ what: 'cash', stored: '99000', computed: '98999' }]);
    expect(books.differences([], cash)).toEqual([
      { what: 'quantity of one in A', stored: null, computed: '10' },
    ]);
    expect(books.differences([row, { ...row, symbol: 'B' }], cash)).toContainEqual({
      what: 'quantity of one in B',
      stored: '10',
      computed: '0',
    });
  });
});

describe('a stretch of equity', () => {
  it('has its high, low, end and the largest fall from a high', () => {
    const range = equityRange(['104', '101', '110', '105'], '100');
    expect(range && Object.values(range).map(moneyText)).toEqual(['110', '100', '105', '5']);
  });

  it('falls from where it began', () => {
    expect(equityRange([90, 95], 100)?.maxDrawdown.toNumber()).toBe(10);
    expect(equityRange([], 100)?.maxDrawdown).toEqual(ZERO);
  });

  it('is nothing without values', () => {
    expect(equityRange([])).toBeUndefined();
  });
});
