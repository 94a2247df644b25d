import { orderNotional, reducesExposure } from '../exposure';
import { known } from '../risk.errors';
import { deny, type RiskRule } from '../risk-rule';

/** Quantity and value of the single order. */
export const orderSizeRule: RiskRule = {
  name: 'order-size',
  check(context) {
    const { maxOrderQuantity, maxOrderNotional } = known(context.limits, 'the limits');
    const { quantity } = context.order;
    if (quantity > maxOrderQuantity) {
      return deny('ORDER_QUANTITY', `Quantity ${quantity} exceeds ${maxOrderQuantity}`, {
        quantity,
        maxOrderQuantity,
      });
    }
    const notional = orderNotional(context);
    // What closes a position may be worth more than what opened it.
    if (notional.gt(maxOrderNotional) && !reducesExposure(context)) {
      return deny('ORDER_NOTIONAL', `Order value ${notional.toFixed(2)} exceeds ${maxOrderNotional}`, {
        notional: notional.toNumber(),
        maxOrderNotional,
      });
    }
    return undefined;
  },
};
