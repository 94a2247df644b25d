import { type Fill, type Order, type OrderEvent, toIso } from '@tickbridge/contracts';
import type { fills, orderEvents, orders } from '@tickbridge/database';
import type { OrderState } from '@tickbridge/trading-core';

export type StoredOrderRow = typeof orders.$inferSelect;
/** An order without its place among the orders, which only the database gives. */
export type OrderRow = Omit<StoredOrderRow, 'position'>;

/** An order as the contracts describe it. */
export function toOrder(row: OrderRow): Order {
  const { id, clientOrderId, signalId, accountId, symbol, side, type, quantity, limitPrice } = row;
  const { status, filledQuantity, averagePrice, rejectionCode, rejectionMessage, strategy } = row;
  return {
    id,
    clientOrderId,
    signalId,
    accountId,
    symbol,
    product: row.product,
    side,
    type,
    quantity,
    limitPrice,
    triggerPrice: row.triggerPrice,
    timeInForce: row.timeInForce,
    stopLoss: row.stopLoss,
    takeProfit: row.target,
    reduceOnly: row.reduceOnly,
    protective: row.protective,
    groupId: row.groupId,
    brokerOrderId: row.brokerOrderId,
    heldReason: row.heldReason,
    status,
    filledQuantity,
    averagePrice,
    rejection: rejectionCode === null ? null : { code: rejectionCode, message: rejectionMessage ?? '' },
    strategy,
    createdAt: toIso(row.createdAt.getTime()),
    updatedAt: toIso(row.updatedAt.getTime()),
  };
}

/** The part of an order that `transition` works on. */
export function toOrderState(row: OrderRow, tradeIds: readonly string[]): OrderState {
  return {
    id: row.id,
    status: row.status,
    quantity: row.quantity,
    limitPrice: row.limitPrice,
    triggerPrice: row.triggerPrice,
    filledQuantity: row.filledQuantity,
    averagePrice: row.averagePrice,
    rejection: toOrder(row).rejection,
    restoreTo: row.restoreTo,
    tradeIds,
  };
}

export function toOrderEvent(row: typeof orderEvents.$inferSelect): OrderEvent {
  const { orderId, sequence, fromStatus, toStatus, reason, occurredAt } = row;
  return {
    orderId,
    sequence,
    from: fromStatus,
    to: toStatus,
    reason,
    occurredAt: toIso(occurredAt.getTime()),
  };
}

export function toFill(row: Omit<typeof fills.$inferSelect, 'position'>): Fill {
  const { tradeId, orderId, accountId, symbol, side, quantity, price, fee, charges, strategy, filledAt } =
    row;
  return {
    tradeId,
    orderId,
    accountId,
    symbol,
    side,
    quantity,
    price,
    fee,
    charges,
    strategy,
    filledAt: toIso(filledAt.getTime()),
  };
}
