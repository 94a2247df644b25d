import { money } from '../../money/money';
import { known } from '../risk.errors';
import { deny, type RiskRule } from '../risk-rule';

/**
 * The limit, and the quote a market order would meet, lie within the collar around the last price;
 * the last prices of both sides agree within it too.
 */
export const priceCollarRule: RiskRule = {
  name: 'price-collar',
  check({ order, market, ownMarket, limits }) {
    const { priceCollarPercent } = known(limits, 'the limits');
    const lastPrice = known(market.lastPrice ?? undefined, `a price of ${order.symbol}`);
    const quote = order.side === 'BUY' ? market.ask : market.bid;
    const compared: [code: string, name: string, price: number | null][] = [
      ['LIMIT_OUTSIDE_COLLAR', 'limitPrice', order.limitPrice],
      ['QUOTE_OUTSIDE_COLLAR', 'quote', order.type === 'MARKET' ? quote : null],
      ['PRICES_DISAGREE', 'ownLastPrice', ownMarket === 'same' ? null : (ownMarket?.lastPrice ?? null)],
    ];
    for (const [code, name, price] of compared) {
      if (price === null) continue;
      const distancePercent = money(price).minus(lastPrice).abs().div(lastPrice).times(100).toNumber();
      if (distancePercent > priceCollarPercent) {
        const message = `${name} ${price} is ${distancePercent.toFixed(2)} % off the last price ${lastPrice}, at most ${priceCollarPercent} % is allowed`;
        return deny(
          code,
          message,
          { [name]: price, lastPrice, distancePercent, priceCollarPercent },
          'priceCollarPercent',
        );
      }
    }
    return undefined;
  },
};
