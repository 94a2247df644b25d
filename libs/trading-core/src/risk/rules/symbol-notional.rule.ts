import { heldNotional, orderNotional, pendingNotional, reducesExposure } from '../exposure';
import { known } from '../risk.errors';
import { deny, type RiskRule } from '../risk-rule';

/** Value held and ordered in one symbol, all strategies of the account together. */
export const symbolNotionalRule: RiskRule = {
  name: 'symbol-notional',
  check(context) {
    if (reducesExposure(context)) return undefined;
    const { maxSymbolNotional } = known(context.limits, 'the limits');
    const { symbol } = context.order;
    const held = heldNotional(context, { symbol });
    const pending = pendingNotional(context, { symbol });
    const order = orderNotional(context);
    const total = held.plus(pending).plus(order);
    if (total.lte(maxSymbolNotional)) return undefined;
    return deny(
      'SYMBOL_NOTIONAL',
      `${symbol} would be worth ${total.toFixed(2)}, at most ${maxSymbolNotional} is allowed`,
      {
        symbol,
        held: held.toNumber(),
        pending: pending.toNumber(),
        order: order.toNumber(),
        maxSymbolNotional,
      },
      'maxSymbolNotional',
    );
  },
};
