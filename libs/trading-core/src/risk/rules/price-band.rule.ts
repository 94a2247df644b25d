import { money } from '../../money/money';
import { known } from '../risk.errors';
import { deny, type RiskRule } from '../risk-rule';

/** The price an order would trade at lies within the day's band around the previous close. */
export const priceBandRule: RiskRule = {
  name: 'price-band',
  check({ order, market, limits, instrument, previousClose }) {
    const { hasPriceBand } = known(instrument, `what orders of ${order.symbol} look like`);
    if (!hasPriceBand) return undefined;
    const { priceBandPercent } = known(limits, 'the limits');
    const reference = known(previousClose, `the previous close of ${order.symbol}`);
    const quote = order.side === 'BUY' ? market.ask : market.bid;
    const price = order.limitPrice ?? order.triggerPrice ?? quote ?? market.lastPrice;
    // Recordings may not hold the day before; without any price the freshness rule denies.
    if (reference === null || price === null) return undefined;
    const distancePercent = money(price).minus(reference).abs().div(reference).times(100).toNumber();
    if (distancePercent <= priceBandPercent) return undefined;
    return deny(
      'PRICE_BAND',
      `${price} is ${distancePercent.toFixed(2)} % off the previous close ${reference}, the band is ${priceBandPercent} %`,
      { price, previousClose: reference, distancePercent, priceBandPercent },
      'priceBandPercent',
    );
  },
};
