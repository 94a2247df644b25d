import fc from 'fast-check';
import { money, moneyText, ZERO } from '../money/money';
import { applyTrade, averagePrice, EMPTY_HOLDING, unrealized, type TradeFacts } from './holding';
import { foldTrades, valuePortfolio, type PortfolioTrade } from './portfolio';

const buy = (quantity: number, price: number, fee = 0): TradeFacts => ({ side: 'BUY', quantity, price, fee });
const sell = (quantity: number, price: number, fee = 0): TradeFacts => ({
  side: 'SELL',
  quantity,
  price,
  fee,
});

function run(trades: readonly TradeFacts[]) {
  let holding = EMPTY_HOLDING;
  for (const trade of trades) holding = applyTrade(holding, trade).holding;
  return {
    quantity: moneyText(holding.quantity),
    average: averagePrice(holding)?.toFixed() ?? null,
    realized: moneyText(holding.realized),
    fees: moneyText(holding.fees),
  };
}

describe('a holding', () => {
  it.each<[string, TradeFacts[], object]>([
    [
      'averages what it buys',
      [buy(10, 100), buy(30, 104)],
      { quantity: '40', average: '103', realized: '0' },
    ],
    [
      'keeps its average when part is sold',
      [buy(10, 100), sell(4, 105)],
      { quantity: '6', average: '100', realized: '20' },
    ],
    [
      'is flat after a full close',
      [buy(10, 100), sell(10, 99)],
      { quantity: '0', average: null, realized: '-10' },
    ],
    ['goes short', [sell(10, 100)], { quantity: '-10', average: '100', realized: '0' }],
    [
      'gains on a short when the price falls',
      [sell(10, 100), buy(10, 97)],
      { quantity: '0', realized: '30' },
    ],
    [
      'loses on a short when the price rises',
      [sell(10, 100), buy(5, 103)],
      { quantity: '-5', average: '100', realized: '-15' },
    ],
    [
      'flips from long to short at the price of the flip',
      [buy(10, 100), sell(15, 110)],
      { quantity: '-5', average: '110', realized: '100' },
    ],
    [
      'flips from short to long',
      [sell(10, 100), buy(12, 90)],
      { quantity: '2', average: '90', realized: '100' },
    ],
    [
      'counts fees apart from profit',
      [buy(10, 100, 1.25), sell(10, 101, 1.35)],
      { realized: '10', fees: '2.6' },
    ],
    [
      'is exact where floats are not',
      [buy(0.1, 0.1), buy(0.2, 0.1), sell(0.3, 0.2)],
      { quantity: '0', realized: '0.03' },
    ],
  ])('%s', (_title, trades, expected) => {
    expect(run(trades)).toMatchObject(expected);
  });

  it('values a short with a profit when the price fell', () => {
    const { holding } = applyTrade(EMPTY_HOLDING, sell(3, 100));
    expect(unrealized(holding, 90).toFixed()).toBe('30');
  });
});

describe('a portfolio', () => {
  const quantity = fc.integer({ min: 1, max: 5_000_000 }).map((n) => n / 100_000);
  const price = fc.integer({ min: 1, max: 9_000_000 }).map((n) => n / 100);
  const trade = fc.record({
    side: fc.constantFrom('BUY' as const, 'SELL' as const),
    strategy: fc.constantFrom('one', 'two'),
    symbol: fc.constantFrom('A', 'B'),
    quantity,
    price,
    fee: fc.integer({ min: 0, max: 10_000 }).map((n) => n / 10_000),
  });
  const marks = new Map([
    ['A', '101.25'],
    ['B', '7.5'],
  ]);

  it('equals a naive fold of its trades, to the last digit', () => {
    fc.assert(
      fc.property(fc.array(trade, { maxLength: 40 }), (trades: PortfolioTrade[]) => {
        const portfolio = foldTrades(100_000, trades);
        const { equity, unrealized: open } = valuePortfolio(portfolio, marks);

        let naive = money(100_000);
        for (const { side, symbol, quantity: traded, price: paid, fee } of trades) {
          const signed = money(traded).times(side === 'BUY' ? 1 : -1);
          naive = naive
            .minus(signed.times(paid))
            .minus(fee)
            .plus(signed.times(marks.get(symbol) ?? 0));
        }
        expect(equity?.toFixed()).toBe(naive.toFixed());
        // Nothing appears or vanishes: capital, profits and fees explain the equity.
        const explained = portfolio.capital
          .plus(portfolio.realized)
          .plus(open ?? ZERO)
          .minus(portfolio.fees);
        expect(explained.toFixed()).toBe(naive.toFixed());
      }),
    );
  });

  it('has no equity while a held symbol has no price', () => {
    const portfolio = foldTrades(1_000, [{ strategy: 'one', symbol: 'C', ...buy(1, 10) }]);
    expect(valuePortfolio(portfolio, marks)).toEqual({
      unrealized: null,
      equity: null,
      grossExposure: null,
      netExposure: null,
      openPositions: 1,
    });
  });

  it('counts shorts in gross exposure and nets them in net exposure', () => {
    const portfolio = foldTrades(1_000, [
      { strategy: 'one', symbol: 'A', ...buy(2, 100) },
      { strategy: 'two', symbol: 'B', ...sell(10, 8) },
    ]);
    const value = valuePortfolio(portfolio, marks);
    expect(value.grossExposure?.toFixed()).toBe('277.5');
    expect(value.netExposure?.toFixed()).toBe('127.5');
  });
});
