import { orderNotional, reducesExposure } from '../exposure';
import { known } from '../risk.errors';
import { deny, type RiskRule } from '../risk-rule';

/** Quantity and value of the single order. */
export const orderSizeRule: RiskRule = {
  name: 'order-size',
  check(context) {
    const { maxOrderQuantity, maxOrderNotional } = known(context.limits, 'the limits');
    const { quantity } = context.order;
    // What closes a position may be more, and worth more, than what may be opened: a tightened limit locks nothing in.
    if (reducesExposure(context)) return undefined;
    if (quantity > maxOrderQuantity) {
      return deny(
        'ORDER_QUANTITY',
        `Quantity ${quantity} exceeds ${maxOrderQuantity}`,
        {
          quantity,
          maxOrderQuantity,
        },
        'maxOrderQuantity',
      );
    }
    const notional = orderNotional(context);
    if (notional.gt(maxOrderNotional)) {
      return deny(
        'ORDER_NOTIONAL',
        `Order value ${notional.toFixed(2)} exceeds ${maxOrderNotional}`,
        {
          notional: notional.toNumber(),
          maxOrderNotional,
        },
        'maxOrderNotional',
      );
    }
    return undefined;
  },
};
