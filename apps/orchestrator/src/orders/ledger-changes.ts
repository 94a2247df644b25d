import { type OrderState, reconcile } from '@tickbridge/trading-core';
import type { BrokerOrder } from '../brokers/broker';
import type { OrderTerms } from '../order-charges/order-charges';
import type { LedgerChange } from './order-ledger';

/**
 * What the ledger must book to agree with the broker's books.
 *
 * @param terms what a broker that does not name its charges is booked with; `undefined` when they are not known
 */
export function ledgerChanges(
  state: OrderState,
  order: BrokerOrder,
  terms: OrderTerms | undefined,
): LedgerChange[] {
  return reconcile(state, order.brokerOrderId, order).map((change) => {
    if (change.type !== 'filled') return change;
    const named = order.fees?.get(change.tradeId);
    return { ...change, charging: named === undefined ? { terms } : { named } };
  });
}
