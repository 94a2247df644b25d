import { money } from '../../money/money';
import { known } from '../risk.errors';
import { deny, type RiskRule } from '../risk-rule';

/** Quantity in whole lots, limit price in whole price steps. */
export const lotAndTickRule: RiskRule = {
  name: 'lot-and-tick',
  check({ order, instrument }) {
    const { lotSize, tickSize } = known(instrument, `what orders of ${order.symbol} look like`);
    const { quantity, limitPrice } = order;
    if (!money(quantity).mod(lotSize).isZero()) {
      return deny('LOT_SIZE', `Quantity ${quantity} is no multiple of the lot ${lotSize}`, {
        quantity,
        lotSize,
      });
    }
    if (limitPrice === null) return undefined;
    const step = tickSize(limitPrice);
    if (money(limitPrice).mod(step).isZero()) return undefined;
    return deny('TICK_SIZE', `Limit ${limitPrice} is no multiple of the price step ${step}`, {
      limitPrice,
      tickSize: step,
    });
  },
};
