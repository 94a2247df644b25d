import { reducesExposure } from '../exposure';
import type { LimitName } from '../effective-limits';
import { known } from '../risk.errors';
import { deny, type Denial, type RiskRule } from '../risk-rule';

/** Open orders, orders of the day, and those of them in the symbol. Closing orders are counted but not held back. */
export const orderCountRule: RiskRule = {
  name: 'order-count',
  check(context) {
    if (reducesExposure(context)) return undefined;
    const { maxOpenOrders, maxOrdersPerDay, maxOrdersPerSymbol } = known(context.limits, 'the limits');
    return (
      atMost(
        'OPEN_ORDERS',
        'open orders',
        known(context.openOrders, 'open orders').length,
        maxOpenOrders,
        'maxOpenOrders',
      ) ??
      atMost(
        'ORDERS_PER_DAY',
        'orders today',
        known(context.ordersToday, 'orders of today'),
        maxOrdersPerDay,
        'maxOrdersPerDay',
      ) ??
      atMost(
        'ORDERS_PER_SYMBOL',
        `orders in ${context.order.symbol} today`,
        known(context.ordersTodayInSymbol, 'orders of today in the symbol'),
        maxOrdersPerSymbol,
        'maxOrdersPerSymbol',
      )
    );
  },
};

function atMost(
  code: string,
  what: string,
  count: number,
  limit: number,
  name: LimitName,
): Denial | undefined {
  if (count < limit) return undefined;
  return deny(
    code,
    `There are ${count} ${what} already, at most ${limit} are allowed`,
    { count, [name]: limit },
    name,
  );
}
