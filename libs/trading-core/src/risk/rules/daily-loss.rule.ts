import { ZERO } from '../../money/money';
import { dayLoss } from '../../portfolio/equity-measures';
import { equity, reducesExposure } from '../exposure';
import { known } from '../risk.errors';
import { deny, type RiskRule } from '../risk-rule';

/** Loss of the trading day: how far the equity is below what the day began with. Closing orders stay allowed. */
export const dailyLossRule: RiskRule = {
  name: 'daily-loss',
  check(context) {
    if (reducesExposure(context)) return undefined;
    const { maxDailyLoss } = known(context.limits, 'the limits');
    const opening = known(context.openingEquity, "the equity of the day's start");
    const now = equity(context);
    const loss = dayLoss({ opening, equity: now, transfers: context.paidInToday ?? ZERO });
    if (loss.lt(maxDailyLoss)) return undefined;
    return deny(
      'DAILY_LOSS',
      `The day's loss ${loss.toFixed(2)} has reached ${maxDailyLoss}`,
      { dayLoss: loss.toNumber(), openingEquity: opening.toNumber(), equity: now.toNumber(), maxDailyLoss },
      'maxDailyLoss',
    );
  },
};
