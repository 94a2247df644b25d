import type { BrokerOrder } from '../brokers/broker';
import type { OrderRow, StoredOrderRow } from '../rows/order.rows';

/** Clocks of broker and orchestrator may differ by this much, and an answer may take this long (milliseconds). */
const WINDOW_MS = 120_000;

/**
 * Finds in the broker's books the orders whose outcome is not known.
 *
 * By our reference where the broker carries one; else by symbol, side, quantity and time. An entry belongs to one order at
 * most; entries bound already are left out, and of several that fit the earliest goes to the earliest order. Entries
 * with the order's own limit come first: two orders may differ in nothing else.
 */
export function matchUnknown(
  unknown: readonly StoredOrderRow[],
  books: readonly BrokerOrder[],
  boundIds: ReadonlySet<string>,
): Map<string, BrokerOrder> {
  const free = books
    .filter(({ brokerOrderId }) => !boundIds.has(brokerOrderId))
    .sort((a, b) => (a.placedAt ?? 0) - (b.placedAt ?? 0));
  const found = new Map<string, BrokerOrder>();
  const inTurn = [...unknown].sort((a, b) => a.position - b.position);
  for (const matches of [fitsExactly, fits]) {
    for (const order of inTurn.filter(({ id }) => !found.has(id))) {
      const index = free.findIndex((entry) => matches(order, entry));
      if (index === -1) continue;
      const [entry] = free.splice(index, 1);
      if (entry) found.set(order.id, entry);
    }
  }
  return found;
}

function fitsExactly(order: OrderRow, entry: BrokerOrder): boolean {
  return fits(order, entry) && entry.limitPrice === order.limitPrice;
}

function fits(order: OrderRow, entry: BrokerOrder): boolean {
  if (entry.clientOrderId !== null) return entry.clientOrderId === order.clientOrderId;
  const { symbol, side, quantity, updatedAt } = order;
  const near = entry.placedAt === null || Math.abs(entry.placedAt - updatedAt.getTime()) <= WINDOW_MS;
  // A stop is no other order, though it be of the same quantity.
  const triggers = entry.triggerPrice === undefined || entry.triggerPrice === order.triggerPrice;
  return near && triggers && entry.symbol === symbol && entry.side === side && entry.quantity === quantity;
}
