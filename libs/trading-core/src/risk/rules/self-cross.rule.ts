import { known } from '../risk.errors';
import { deny, type RiskRule } from '../risk-rule';

/** The account has no resting order on the other side of the symbol that this one could trade with. */
export const selfCrossRule: RiskRule = {
  name: 'self-cross',
  check({ order, openOrders }) {
    const crossing = known(openOrders, 'open orders').find((open) => {
      if (open.symbol !== order.symbol || open.side === order.side || open.limitPrice === null) return false;
      if (order.limitPrice === null) return true;
      return order.side === 'BUY' ? order.limitPrice >= open.limitPrice : order.limitPrice <= open.limitPrice;
    });
    if (!crossing) return undefined;
    return deny('SELF_CROSS', `Would trade with the account's own order ${crossing.id}`, {
      orderId: crossing.id,
    });
  },
};
