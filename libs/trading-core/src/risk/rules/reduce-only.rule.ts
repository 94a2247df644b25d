import { MANUAL_STRATEGY } from '@tickbridge/contracts';
import { reducesExposure } from '../exposure';
import { deny, type RiskRule } from '../risk-rule';

/**
 * An exit only brings a position down, and so does what a person does to a strategy's position: strategies open their
 * positions themselves.
 */
export const reduceOnlyRule: RiskRule = {
  name: 'reduce-only',
  check(context) {
    const { byPerson, strategy, symbol, quantity, reduceOnly = false } = context.order;
    const mustReduce = reduceOnly || (byPerson && strategy !== MANUAL_STRATEGY);
    if (!mustReduce || reducesExposure(context)) return undefined;
    return deny('WOULD_NOT_REDUCE', `The order would not bring down what ${strategy} holds of ${symbol}`, {
      strategy,
      symbol,
      quantity,
    });
  },
};
