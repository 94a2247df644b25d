import { reducesExposure } from '../exposure';
import { known } from '../risk.errors';
import { deny, type RiskRule } from '../risk-rule';
import { tokensLeft } from '../token-bucket';

/** Orders of the last minute: how many there are, and how fast they came. Exits take tokens but are not held back. */
export const submitRateRule: RiskRule = {
  name: 'submit-rate',
  check(context) {
    if (reducesExposure(context)) return undefined;
    const { maxOrdersPerMinute, maxOrderBurst } = known(context.limits, 'the limits');
    const count = known(context.ordersOfMinute, 'orders of the last minute');
    if (count >= maxOrdersPerMinute) {
      return deny(
        'ORDERS_PER_MINUTE',
        `There are ${count} orders within a minute already, at most ${maxOrdersPerMinute} are allowed`,
        { count, maxOrdersPerMinute },
        'maxOrdersPerMinute',
      );
    }
    // So few cannot have emptied the bucket, however fast they came.
    if (count < maxOrderBurst) return undefined;
    const times = known(context.recentOrderTimes, 'the time of each order of the last minute');
    const tokens = tokensLeft(times, context.now, { size: maxOrderBurst, perMinute: maxOrdersPerMinute });
    if (tokens >= 1) return undefined;
    return deny(
      'SUBMIT_RATE',
      `Orders come too fast: ${tokens.toFixed(2)} of ${maxOrderBurst} tokens are left, one is needed`,
      { tokens, maxOrderBurst, maxOrdersPerMinute },
      'maxOrderBurst',
    );
  },
};
