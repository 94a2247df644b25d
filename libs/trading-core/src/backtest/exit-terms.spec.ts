import { aPair } from '../testing/instruments';
import { exitTerms } from './exit-terms';

const pair = aPair('BTCUSDT');
const exit = (cause: 'target' | 'stop-loss', level: number) => ({ cause, level, reason: '', components: {} });

describe('how a position is left in bars that nobody quoted', () => {
  it.each([
    ['a sale at the price above it', 'SELL', 107.1051, 107.11],
    ['a purchase at the price below it', 'BUY', 92.8949, 92.89],
    ['either at a level that is a price', 'SELL', 107.1, 107.1],
  ] as const)('lets a target rest on the price grid: %s', (_title, side, level, limitPrice) => {
    expect(exitTerms(exit('target', level), side, pair)).toMatchObject({ type: 'LIMIT', limitPrice });
  });

  it('lets a stop wake up at its level: its fill is put on the grid', () => {
    expect(exitTerms(exit('stop-loss', 91.8049), 'SELL', pair)).toMatchObject({
      type: 'STOP',
      triggerPrice: 91.8049,
    });
  });
});
