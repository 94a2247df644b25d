import type { MarketGroup } from '@tickbridge/contracts';
import { chosenGroup, groupKey, groupName } from './market-group';

const indian: MarketGroup = { assetClass: 'stock', feed: 'simulator', currency: 'INR', symbols: 173 };
const american: MarketGroup = { assetClass: 'stock', feed: 'alpaca', currency: 'USD', symbols: 27 };

describe('groups of the market', () => {
  it('are called by class and currency', () => {
    expect(groupName(american)).toBe('Stocks · USD');
    expect(groupName({ assetClass: 'crypto', currency: 'USDT' })).toBe('Crypto · USDT');
  });

  it('stay chosen while they are there; the largest stands in for one that is gone', () => {
    const groups = [indian, american];
    expect(chosenGroup(groups, groupKey(american))).toBe(american);
    expect(chosenGroup(groups, null)).toBe(indian);
    expect(chosenGroup([indian], groupKey(american))).toBe(indian);
    expect(chosenGroup([], null)).toBeUndefined();
  });
});
