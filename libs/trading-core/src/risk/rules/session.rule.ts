import { toIso } from '@tickbridge/contracts';
import { reducesExposure } from '../exposure';
import { known } from '../risk.errors';
import { deny, type RiskRule } from '../risk-rule';

/** The market is open; after the square-off cutoff positions may only be closed. */
export const sessionRule: RiskRule = {
  name: 'session',
  check(context) {
    const calendar = known(context.calendar, `the trading calendar of ${context.order.symbol}`);
    const session = calendar.sessionAt(context.now);
    if (!session) {
      return deny('SESSION_CLOSED', `The ${calendar.name} market is closed`, { at: toIso(context.now) });
    }
    const cutoff = session.squareOffTime;
    if (cutoff !== null && context.now >= cutoff && !reducesExposure(context)) {
      return deny('AFTER_CUTOFF', 'After the square-off cutoff positions may only be closed', {
        at: toIso(context.now),
        cutoff: toIso(cutoff),
      });
    }
    return undefined;
  },
};
