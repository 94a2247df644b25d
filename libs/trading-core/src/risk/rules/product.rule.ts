import { PRODUCT_WORDS } from '../../instruments/products';
import { reducesExposure } from '../exposure';
import { known } from '../risk.errors';
import { deny, type RiskRule } from '../risk-rule';

/** An instrument is held as what it is offered as, and a position as what it was opened as. */
export const productRule: RiskRule = {
  name: 'product',
  check(context) {
    const { strategy, symbol } = context.order;
    const product = known(context.order.product, `what ${symbol} is held as`);
    const held = known(context.holdings, 'positions').find(
      (holding) => holding.strategy === strategy && holding.symbol === symbol && !holding.quantity.isZero(),
    );
    if (held?.product && held.product !== product) {
      return deny(
        'PRODUCT_MISMATCH',
        `${strategy} holds ${symbol} ${PRODUCT_WORDS[held.product]}: it can be changed as that only`,
        { symbol, product, held: held.product },
      );
    }
    if (reducesExposure(context)) return undefined;
    const { products } = known(context.instrument, `what orders of ${symbol} look like`);
    if (products.length > 0 && !products.includes(product)) {
      return deny('PRODUCT_NOT_OFFERED', `${symbol} cannot be traded ${PRODUCT_WORDS[product]}`, {
        symbol,
        product,
        offered: products.join(', '),
      });
    }
    return undefined;
  },
};
