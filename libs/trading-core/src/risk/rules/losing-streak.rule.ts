import { toIso } from '@tickbridge/contracts';
import { reducesExposure } from '../exposure';
import { known } from '../risk.errors';
import { deny, type RiskRule } from '../risk-rule';

/** A strategy that lost several times in a row pauses, counted from its last loss. Closing orders stay allowed. */
export const losingStreakRule: RiskRule = {
  name: 'losing-streak',
  check(context) {
    if (reducesExposure(context)) return undefined;
    const { maxLosingStreak, losingStreakPauseMs } = known(context.limits, 'the limits');
    const { losses, lastLossAt } = known(context.losingStreak, "the strategy's last trades");
    if (lastLossAt === null || losses < maxLosingStreak) return undefined;
    const sinceMs = context.now - lastLossAt;
    if (sinceMs >= losingStreakPauseMs) return undefined;
    return deny(
      'LOSING_STREAK',
      `${context.order.strategy} lost ${losses} times in a row and pauses for ${losingStreakPauseMs} ms`,
      { losses, maxLosingStreak, lastLossAt: toIso(lastLossAt), sinceMs, losingStreakPauseMs },
      'maxLosingStreak',
    );
  },
};
