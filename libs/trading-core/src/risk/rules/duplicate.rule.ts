import { known } from '../risk.errors';
import { deny, type RiskRule } from '../risk-rule';

/** One order per signal and account, and one per strategy, symbol, bar and side. */
export const duplicateRule: RiskRule = {
  name: 'duplicate',
  check({ order, ordersOfSignal, ordersOfBar }) {
    const [sameSignal] = known(ordersOfSignal, 'earlier orders of the signal');
    if (sameSignal !== undefined) {
      return deny('DUPLICATE_SIGNAL', `Order ${sameSignal} exists for the signal`, {
        signalId: order.signalId,
        orderId: sameSignal,
      });
    }
    const [sameBar] = known(ordersOfBar, 'earlier orders of the bar');
    if (sameBar !== undefined) {
      return deny('DUPLICATE_BAR', `Order ${sameBar} exists for the same strategy, symbol, bar and side`, {
        orderId: sameBar,
      });
    }
    return undefined;
  },
};
