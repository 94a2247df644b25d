import type { LedgerChange } from '../orders/order-ledger';
import type { OrderRow } from '../orders/order.rows';

/** Whoever carries out orders. */
export abstract class Broker {
  /**
   * Hands over an order that was approved and stored as Submitted.
   *
   * @returns what the broker made of it, in order; empty while nothing is known: the order stays Submitted
   */
  abstract submit(order: OrderRow): Promise<readonly LedgerChange[]>;
}
