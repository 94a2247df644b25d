import { PRODUCT_WORDS } from '../../instruments/products';
import { reducesExposure } from '../exposure';
import { known } from '../risk.errors';
import { deny, type RiskRule } from '../risk-rule';

/** What cannot be borrowed is sold only by who holds it: coins on a spot market, shares for delivery. */
export const shortSaleRule: RiskRule = {
  name: 'short-sale',
  check(context) {
    const { side, symbol, quantity } = context.order;
    if (side === 'BUY' || reducesExposure(context)) return undefined;
    const { shortProducts } = known(context.instrument, `what orders of ${symbol} look like`);
    const product = known(context.order.product, `what ${symbol} is held as`);
    if (shortProducts.includes(product)) return undefined;
    return deny(
      'SHORT_NOT_ALLOWED',
      `${symbol} cannot be sold short ${PRODUCT_WORDS[product]}, and not so much of it is held`,
      { symbol, quantity, product },
    );
  },
};
