import type { OrderStatus } from '@tickbridge/contracts';
import { money } from '../money/money';
import type { OrderChange } from './order-event';
import type { OrderState } from './order-state';
import { ORDER_TABLE, RECOVERY_TARGETS } from './order-table';
import { IllegalTransitionError, InvalidFillError, OverFillError } from './orders.errors';

export type Transition =
  | { kind: 'applied'; order: OrderState; from: OrderStatus; to: OrderStatus }
  /** The trade was counted before; nothing changed. */
  | { kind: 'duplicate'; tradeId: string };

/**
 * Moves an order by one change.
 *
 * @throws IllegalTransitionError when `ORDER_TABLE` has no such transition
 * @throws OverFillError when the fill exceeds the ordered quantity
 * @throws InvalidFillError when the fill's quantity or price is not finite and positive
 */
export function transition(order: OrderState, change: OrderChange): Transition {
  if (change.type === 'filled') return fill(order, change);
  if (change.type === 'noted') return { kind: 'applied', order, from: order.status, to: order.status };
  const to = target(order, change);
  if (to === undefined || !allowed(order, to, change)) {
    throw new IllegalTransitionError(order.id, order.status, change.type);
  }
  return {
    kind: 'applied',
    from: order.status,
    to,
    order: { ...order, ...consequences(order, change), status: to },
  };
}

/** The order after all its changes. */
export function foldOrder(order: OrderState, changes: readonly OrderChange[]): OrderState {
  return changes.reduce((state, change) => {
    const result = transition(state, change);
    return result.kind === 'applied' ? result.order : state;
  }, order);
}

function target(
  order: OrderState,
  change: Exclude<OrderChange, { type: 'filled' | 'noted' }>,
): OrderStatus | undefined {
  switch (change.type) {
    case 'denied':
      return 'Denied';
    case 'submitted':
      return order.status === 'Initialized' ? 'Submitted' : undefined;
    case 'accepted':
      return order.status === 'PendingCancel' ? undefined : 'Accepted';
    case 'rejected':
      return 'Rejected';
    case 'triggered':
      return order.status === 'PendingCancel' ? undefined : 'Triggered';
    case 'canceled':
      return order.status === 'Canceled' ? undefined : 'Canceled';
    case 'expired':
      return 'Expired';
    case 'update-requested':
      return 'PendingUpdate';
    case 'cancel-requested':
      return 'PendingCancel';
    case 'updated':
    case 'update-rejected':
      return order.status === 'PendingUpdate' ? (order.restoreTo ?? undefined) : undefined;
    case 'cancel-rejected':
      return order.status === 'PendingCancel' ? (order.restoreTo ?? undefined) : undefined;
  }
}

function allowed(order: OrderState, to: OrderStatus, change: OrderChange): boolean {
  if (ORDER_TABLE[order.status].includes(to)) return true;
  const recovered = 'recovered' in change && change.recovered === true;
  return recovered && order.status === 'Initialized' && RECOVERY_TARGETS.includes(to);
}

function consequences(
  order: OrderState,
  change: Exclude<OrderChange, { type: 'noted' }>,
): Partial<OrderState> {
  switch (change.type) {
    case 'denied':
    case 'rejected':
      return { rejection: { code: change.code, message: change.message }, restoreTo: null };
    case 'update-requested':
      return { restoreTo: order.status };
    case 'cancel-requested':
      // A cancel on top of a pending update falls back to what was there before the update.
      return { restoreTo: order.restoreTo ?? order.status };
    case 'updated':
      return {
        restoreTo: null,
        quantity: change.quantity ?? order.quantity,
        limitPrice: change.limitPrice === undefined ? order.limitPrice : change.limitPrice,
        ...(change.triggerPrice !== undefined && { triggerPrice: change.triggerPrice }),
      };
    case 'submitted':
    case 'accepted':
    case 'triggered':
    case 'filled':
    case 'canceled':
    case 'expired':
    case 'update-rejected':
    case 'cancel-rejected':
      return { restoreTo: null };
  }
}

function fill(order: OrderState, change: Extract<OrderChange, { type: 'filled' }>): Transition {
  const { tradeId, quantity, price } = change;
  if (order.tradeIds.includes(tradeId)) return { kind: 'duplicate', tradeId };
  if (!isPositive(quantity) || !isPositive(price)) throw new InvalidFillError(order.id, tradeId);

  const before = money(order.filledQuantity);
  const filled = before.plus(quantity);
  const to = statusAfterFill(order, filled.gte(order.quantity));
  if (!ORDER_TABLE[order.status].includes(to)) {
    throw new IllegalTransitionError(order.id, order.status, 'filled');
  }
  if (filled.gt(order.quantity)) {
    throw new OverFillError(order.id, tradeId, order.quantity, filled.toNumber());
  }
  const paid = money(order.averagePrice ?? 0)
    .times(before)
    .plus(money(price).times(quantity));
  return {
    kind: 'applied',
    from: order.status,
    to,
    order: {
      ...order,
      status: to,
      filledQuantity: filled.toNumber(),
      // What lies beyond is the dust of floating point.
      averagePrice: paid.div(filled).toSignificantDigits(15).toNumber(),
      restoreTo: null,
      tradeIds: [...order.tradeIds, tradeId],
    },
  };
}

function statusAfterFill(order: OrderState, complete: boolean): OrderStatus {
  if (complete) return 'Filled';
  return order.status === 'Canceled' ? 'Canceled' : 'PartiallyFilled';
}

function isPositive(value: number): boolean {
  return Number.isFinite(value) && value > 0;
}
