import { exitPriceRefusal } from './exit-prices';

const instrument = { priceSteps: [{ upTo: null, step: 0.05 }] };

describe('exit prices of a person', () => {
  it.each([
    ['a purchase between stop and target', 'BUY', 95, 110, [100], undefined],
    ['a sale between target and stop', 'SELL', 110, 95, [100], undefined],
    ['a stop alone', 'BUY', 99.95, null, [100], undefined],
    ['a target alone', 'BUY', null, 100.05, [100], undefined],
    ['none', 'BUY', null, null, [100], undefined],
    ['a stop at the price', 'BUY', 100, null, [100], 'EXIT_PRICE_WRONG_SIDE'],
    ['a target at the price', 'SELL', null, 100, [100], 'EXIT_PRICE_WRONG_SIDE'],
    ['a stop of a sale below', 'SELL', 95, null, [100], 'EXIT_PRICE_WRONG_SIDE'],
    ['a target of a purchase below', 'BUY', null, 95, [100], 'EXIT_PRICE_WRONG_SIDE'],
    ['a stop between trigger and limit', 'BUY', 100.5, null, [100, 101], 'EXIT_PRICE_WRONG_SIDE'],
    ['a target between trigger and limit', 'BUY', null, 100.5, [100, 101], 'EXIT_PRICE_WRONG_SIDE'],
    ['a stop off the grid', 'BUY', 95.01, null, [100], 'EXIT_PRICE_OFF_GRID'],
    ['a target off the grid', 'BUY', null, 110.02, [100], 'EXIT_PRICE_OFF_GRID'],
  ] as const)('%s', (_title, side, stopLoss, takeProfit, references, code) => {
    expect(exitPriceRefusal({ stopLoss, takeProfit }, side, references, instrument)?.code).toBe(code);
  });

  it('are refused where no price step is known', () => {
    const unknown = { priceSteps: [] };
    expect(exitPriceRefusal({ stopLoss: 95, takeProfit: null }, 'BUY', [100], unknown)?.code).toBe(
      'EXIT_PRICE_OFF_GRID',
    );
  });
});
