import { known } from '../risk.errors';
import { deny, type Denial, type RiskRule } from '../risk-rule';

/** There is a price, and it is young enough, on the asking side and on the deciding side. */
export const priceFreshRule: RiskRule = {
  name: 'price-fresh',
  check({ order, market, ownMarket, limits }) {
    const { maxPriceAgeMs } = known(limits, 'the limits');
    if (market.lastPrice === null || market.ageMs === null) {
      return deny('NO_PRICE', `There is no price of ${order.symbol}`, { symbol: order.symbol });
    }
    const stale = tooOld(market.ageMs, maxPriceAgeMs, order.symbol, 'asking');
    if (stale || ownMarket === 'same') return stale;
    const own = known(ownMarket, `an own price of ${order.symbol}`);
    return tooOld(own.ageMs, maxPriceAgeMs, order.symbol, 'deciding');
  },
};

function tooOld(ageMs: number, maxPriceAgeMs: number, symbol: string, side: string): Denial | undefined {
  if (ageMs <= maxPriceAgeMs) return undefined;
  return deny(
    'STALE_PRICE',
    `The price of ${symbol} is ${ageMs} ms old, at most ${maxPriceAgeMs} ms is allowed`,
    {
      symbol,
      ageMs,
      maxPriceAgeMs,
      side,
    },
    'maxPriceAgeMs',
  );
}
