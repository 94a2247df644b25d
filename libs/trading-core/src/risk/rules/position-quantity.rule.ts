import { positionQuantity, reducesExposure } from '../exposure';
import { known } from '../risk.errors';
import { deny, type RiskRule } from '../risk-rule';

/** Quantity held and ordered in one symbol, all strategies of the account together. */
export const positionQuantityRule: RiskRule = {
  name: 'position-quantity',
  check(context) {
    if (reducesExposure(context)) return undefined;
    const { maxPositionQuantity } = known(context.limits, 'the limits');
    const total = positionQuantity(context);
    if (total.lte(maxPositionQuantity)) return undefined;
    return deny(
      'POSITION_QUANTITY',
      `${total.toString()} of ${context.order.symbol} would be held, at most ${maxPositionQuantity} is allowed`,
      { total: total.toNumber(), order: context.order.quantity, maxPositionQuantity },
      'maxPositionQuantity',
    );
  },
};
