import { reducesExposure, unrealizedProfit } from '../exposure';
import { known } from '../risk.errors';
import { deny, type RiskRule } from '../risk-rule';

/** Loss of the trading day, realised and open, fees included. Closing orders stay allowed. */
export const dailyLossRule: RiskRule = {
  name: 'daily-loss',
  check(context) {
    if (reducesExposure(context)) return undefined;
    const { maxDailyLoss } = known(context.limits, 'the limits');
    const realized = known(context.realizedToday, "today's realised profit");
    const unrealized = unrealizedProfit(context);
    const loss = realized.plus(unrealized).negated();
    if (loss.lt(maxDailyLoss)) return undefined;
    return deny(
      'DAILY_LOSS',
      `The day's loss ${loss.toFixed(2)} has reached ${maxDailyLoss}`,
      {
        realized: realized.toNumber(),
        unrealized: unrealized.toNumber(),
        maxDailyLoss,
      },
      'maxDailyLoss',
    );
  },
};
