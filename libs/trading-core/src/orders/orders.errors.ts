import type { OrderStatus } from '@tickbridge/contracts';
import type { OrderChange } from './order-event';

/** The order's table has no such transition. Logged, never announced. */
export class IllegalTransitionError extends Error {
  readonly code = 'ILLEGAL_TRANSITION';
  override readonly name = 'IllegalTransitionError';

  constructor(
    readonly orderId: string,
    readonly from: OrderStatus,
    readonly change: OrderChange['type'],
  ) {
    super(`order ${orderId}: '${change}' cannot happen in status ${from}`);
  }
}

/** The broker reports more than was ordered: an alarm, because our books and the broker's differ. */
export class OverFillError extends Error {
  readonly code = 'OVER_FILL';
  override readonly name = 'OverFillError';

  constructor(
    readonly orderId: string,
    readonly tradeId: string,
    readonly ordered: number,
    readonly filled: number,
  ) {
    super(`order ${orderId}: trade ${tradeId} makes ${filled} filled of ${ordered} ordered`);
  }
}

/** A quantity or price that cannot be true. */
export class InvalidFillError extends Error {
  readonly code = 'INVALID_FILL';
  override readonly name = 'InvalidFillError';

  constructor(
    readonly orderId: string,
    readonly tradeId: string,
  ) {
    super(`order ${orderId}: trade ${tradeId} needs a finite, positive quantity and price`);
  }
}
