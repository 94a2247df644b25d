import type { Product } from '@tickbridge/contracts';
import type { StoredAccount } from '../accounts/account.repository';
import { TradingFeeds } from '../market/trading-feeds';
import type { PositionBook } from '../positions/position-book';
import type { StrategyDesk } from '../strategies/strategy-desk';
import { OrderProducts } from './order-products';

interface Held {
  strategy: string;
  symbol: string;
  product: Product;
}

describe('what an order is held as when it names nothing', () => {
  const ask = (strategy: string, symbol: string, held: Held[] = [], chosen: Product | null = null) => {
    const book = {
      product: (_account: string, by: string, of: string) =>
        held.find((row) => row.strategy === by && row.symbol === of)?.product,
      open: () => held,
    } as unknown as PositionBook;
    const desk = { productOf: () => chosen, timeframeOf: () => '5s' } as unknown as StrategyDesk;
    const feed = symbol === 'BTCUSDT' ? 'binance' : 'truedata';
    const products = new OrderProducts(book, desk, new TradingFeeds(['truedata', 'binance']));
    return products.of({ id: 'A', feed } as StoredAccount, strategy, symbol);
  };

  it.each<[string, string, string, Held[], Product | null, Product]>([
    ['a share', 'manual', 'INFY', [], null, 'intraday'],
    ['a coin of a person', 'manual', 'BTCUSDT', [], null, 'spot'],
    ['a coin of a strategy, which trades both ways', 's', 'BTCUSDT', [], null, 'margin'],
    ['what the strategy names', 's', 'INFY', [], 'delivery', 'delivery'],
    [
      'the position it changes, whatever is named since',
      's',
      'INFY',
      [{ strategy: 's', symbol: 'INFY', product: 'intraday' }],
      'delivery',
      'intraday',
    ],
    [
      "a strategy's position that a person brings down",
      'manual',
      'BTCUSDT',
      [{ strategy: 's', symbol: 'BTCUSDT', product: 'margin' }],
      null,
      'margin',
    ],
    [
      "a strategy beside another's position",
      's',
      'INFY',
      [{ strategy: 'other', symbol: 'INFY', product: 'delivery' }],
      null,
      'intraday',
    ],
  ])('%s', async (_title, strategy, symbol, held, chosen, product) => {
    expect(await ask(strategy, symbol, held, chosen)).toBe(product);
  });
});
