import { type Instrument, MANUAL_STRATEGY, type Product } from '@tickbridge/contracts';

type Offered = Pick<Instrument, 'assetClass' | 'products'>;

/** The first that is offered: a person owns what is bought, and nothing of shares stays over night unasked. */
const OF_PEOPLE: readonly Product[] = ['intraday', 'spot', 'margin', 'delivery'];
/** Strategies trade both ways, so what can be sold short comes first. */
const OF_STRATEGIES: readonly Product[] = ['intraday', 'margin', 'spot', 'delivery'];

/** What an order is held as when nobody names it. Of what no list describes, what its kind is traded as everywhere. */
export function defaultProduct({ assetClass, products }: Offered, strategy: string): Product {
  const preferred = strategy === MANUAL_STRATEGY ? OF_PEOPLE : OF_STRATEGIES;
  return (
    preferred.find((product) => products.includes(product)) ?? (assetClass === 'crypto' ? 'spot' : 'intraday')
  );
}

/** The same for what is decided at the close of a day and held over night; intraday where nothing else is offered. */
export function overnightProduct({ assetClass, products }: Offered, strategy: string): Product {
  const held = products.filter((product) => !isSquaredOff(product));
  return defaultProduct({ assetClass, products: held }, strategy);
}

/** Whether positions of a product are closed at the market's square-off time. */
export function isSquaredOff(product: Product | null): boolean {
  // Positions of before products were known were all closed.
  return product === null || product === 'intraday';
}

/** Products as people say them in a sentence. */
export const PRODUCT_WORDS: Readonly<Record<Product, string>> = {
  delivery: 'for delivery',
  intraday: 'intraday',
  margin: 'on margin',
  spot: 'on the spot market',
};
