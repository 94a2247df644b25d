import { reducesExposure } from '../exposure';
import { known } from '../risk.errors';
import { deny, type RiskRule } from '../risk-rule';

/** Of strategies that want opposite positions of a symbol on one account, the first holds: together they would hold nothing. */
export const oppositePositionRule: RiskRule = {
  name: 'opposite-position',
  check(context) {
    if (known(context.account, 'the account').netting || reducesExposure(context)) return undefined;
    const { strategy, symbol, side } = context.order;
    const opposite = known(context.holdings, 'positions').find(
      (holding) =>
        holding.symbol === symbol &&
        holding.strategy !== strategy &&
        (side === 'SELL' ? holding.quantity.gt(0) : holding.quantity.lt(0)),
    );
    if (!opposite) return undefined;
    const direction = side === 'SELL' ? 'long' : 'short';
    return deny('OPPOSITE_POSITION', `${opposite.strategy} is ${direction} of ${symbol} on this account`, {
      symbol,
      heldBy: opposite.strategy,
      quantity: opposite.quantity.toNumber(),
    });
  },
};
