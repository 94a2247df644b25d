import { MANUAL_STRATEGY } from '@tickbridge/contracts';
import { reducesExposure } from '../exposure';
import { deny, type RiskRule } from '../risk-rule';

/** What a person does to a strategy's position may only bring it down: strategies open their positions themselves. */
export const reduceOnlyRule: RiskRule = {
  name: 'reduce-only',
  check(context) {
    const { byPerson, strategy, symbol, quantity } = context.order;
    if (!byPerson || strategy === MANUAL_STRATEGY || reducesExposure(context)) return undefined;
    return deny('WOULD_NOT_REDUCE', `The order would not bring down what ${strategy} holds of ${symbol}`, {
      strategy,
      symbol,
      quantity,
    });
  },
};
