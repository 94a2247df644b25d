import { money } from '../../money/money';
import { deny, type RiskRule } from '../risk-rule';

/** The broker's own list has the symbol, and takes the order's quantity and prices. What it leaves open is not asked. */
export const brokerListingRule: RiskRule = {
  name: 'broker-listing',
  check({ order, account, broker }) {
    const listing = broker?.listing;
    if (listing === undefined) return undefined;
    const { symbol, quantity, limitPrice, triggerPrice = null } = order;
    const name = account?.broker ?? 'The broker';
    if (listing === null) {
      return deny('NOT_LISTED_AT_BROKER', `${name} does not list ${symbol} today`, { symbol });
    }
    const { lotSize, tickSize } = listing;
    if (lotSize !== null && !money(quantity).mod(lotSize).isZero()) {
      return deny('LOT_SIZE', `Quantity ${quantity} is no multiple of ${name}'s lot ${lotSize}`, {
        quantity,
        lotSize,
      });
    }
    for (const [field, price] of Object.entries({ limitPrice, triggerPrice })) {
      if (tickSize === null || price === null || money(price).mod(tickSize).isZero()) continue;
      const message = `${field === 'limitPrice' ? 'Limit' : 'Trigger'} ${price} is no multiple of ${name}'s price step ${tickSize}`;
      return deny('TICK_SIZE', message, { [field]: price, tickSize });
    }
    return undefined;
  },
};
