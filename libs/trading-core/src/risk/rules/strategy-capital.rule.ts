import { heldNotional, orderNotional, pendingNotional, reducesExposure } from '../exposure';
import { known } from '../risk.errors';
import { deny, type RiskRule } from '../risk-rule';

/** Value held and ordered by the strategy in all symbols of the account: it has no more capital than that. */
export const strategyCapitalRule: RiskRule = {
  name: 'strategy-capital',
  check(context) {
    if (reducesExposure(context)) return undefined;
    const { maxStrategyNotional } = known(context.limits, 'the limits');
    const { strategy } = context.order;
    const held = heldNotional(context, { strategy });
    const pending = pendingNotional(context, { strategy });
    const order = orderNotional(context);
    const total = held.plus(pending).plus(order);
    if (total.lte(maxStrategyNotional)) return undefined;
    return deny(
      'STRATEGY_CAPITAL',
      `${strategy} would use ${total.toFixed(2)}, its capital is ${maxStrategyNotional}`,
      {
        held: held.toNumber(),
        pending: pending.toNumber(),
        order: order.toNumber(),
        maxStrategyNotional,
      },
      'maxStrategyNotional',
    );
  },
};
