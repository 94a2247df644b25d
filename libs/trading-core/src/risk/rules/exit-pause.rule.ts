import { toIso } from '@tickbridge/contracts';
import { reducesExposure } from '../exposure';
import { known } from '../risk.errors';
import { deny, type RiskRule } from '../risk-rule';

/** A strategy that has just left a symbol does not enter it again at once. */
export const exitPauseRule: RiskRule = {
  name: 'exit-pause',
  check(context) {
    const { now, order } = context;
    const { exitPauseMs } = known(context.limits, 'the limits');
    const lastExitAt = known(context.lastExitAt, `the last exit from ${order.symbol}`);
    if (lastExitAt === null || reducesExposure(context)) return undefined;
    const sinceMs = now - lastExitAt;
    // An exit after the question belongs to another run over the same recording.
    if (sinceMs < 0 || sinceMs >= exitPauseMs) return undefined;
    return deny(
      'EXIT_PAUSE',
      `${order.strategy} left ${order.symbol} ${sinceMs} ms ago and pauses there for ${exitPauseMs} ms`,
      { lastExitAt: toIso(lastExitAt), sinceMs, exitPauseMs },
      'exitPauseMs',
    );
  },
};
