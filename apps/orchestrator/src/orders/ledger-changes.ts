import type { Currency, OrderState } from '@tickbridge/trading-core';
import { feeSchedule, money, moneyText, reconcile } from '@tickbridge/trading-core';
import type { StoredAccount } from '../accounts/account.repository';
import type { BrokerOrder } from '../brokers/broker';
import type { LedgerChange } from './order-ledger';

/**
 * What the ledger must book to agree with the broker's books.
 *
 * A broker that does not name its charges is booked with those of the public schedule.
 */
export function ledgerChanges(
  state: OrderState,
  { currency }: Pick<StoredAccount, 'currency'>,
  order: BrokerOrder,
): LedgerChange[] {
  const fees = feeSchedule((currency as Currency) === 'INR' ? 'stock' : 'crypto');
  return reconcile(state, order.brokerOrderId, order).map((change) => {
    if (change.type !== 'filled') return change;
    const fee =
      order.fees?.get(change.tradeId) ??
      moneyText(fees(order.side, money(change.quantity).times(change.price)));
    return { ...change, fee };
  });
}
