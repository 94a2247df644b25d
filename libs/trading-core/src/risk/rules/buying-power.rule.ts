import { equity, heldNotional, orderNotional, pendingNotional, reducesExposure } from '../exposure';
import { deny, type RiskRule } from '../risk-rule';

/** Equity covers everything held, ordered and asked for: no leverage, shorts fully backed. */
export const buyingPowerRule: RiskRule = {
  name: 'buying-power',
  check(context) {
    if (reducesExposure(context)) return undefined;
    const total = equity(context);
    const committed = heldNotional(context).plus(pendingNotional(context));
    const available = total.minus(committed);
    const order = orderNotional(context);
    if (order.lte(available)) return undefined;
    return deny(
      'BUYING_POWER',
      `Order value ${order.toFixed(2)} exceeds the buying power ${available.toFixed(2)}`,
      {
        order: order.toNumber(),
        available: available.toNumber(),
        equity: total.toNumber(),
        committed: committed.toNumber(),
      },
    );
  },
};
