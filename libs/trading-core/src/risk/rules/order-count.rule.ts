import { reducesExposure } from '../exposure';
import { known } from '../risk.errors';
import { deny, type Denial, type RiskRule } from '../risk-rule';

/** Open orders, orders of the day and of the last minute. Closing orders are counted but not held back. */
export const orderCountRule: RiskRule = {
  name: 'order-count',
  check(context) {
    if (reducesExposure(context)) return undefined;
    const { maxOpenOrders, maxOrdersPerDay, maxOrdersPerMinute } = known(context.limits, 'the limits');
    return (
      atMost('OPEN_ORDERS', 'open orders', known(context.openOrders, 'open orders').length, maxOpenOrders) ??
      atMost(
        'ORDERS_PER_DAY',
        'orders today',
        known(context.ordersToday, 'orders of today'),
        maxOrdersPerDay,
      ) ??
      atMost(
        'ORDERS_PER_MINUTE',
        'orders within a minute',
        known(context.ordersLastMinute, 'orders of the last minute'),
        maxOrdersPerMinute,
      )
    );
  },
};

function atMost(code: string, what: string, count: number, limit: number): Denial | undefined {
  if (count < limit) return undefined;
  return deny(code, `There are ${count} ${what} already, at most ${limit} are allowed`, { count, limit });
}
