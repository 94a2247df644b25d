import type { OrderStatus } from '@tickbridge/contracts';

/** The part of an order that its events change. */
export interface OrderState {
  readonly id: string;
  readonly status: OrderStatus;
  readonly quantity: number;
  readonly limitPrice: number | null;
  /** Of stop orders; absent of orders that nobody gave one. */
  readonly triggerPrice?: number | null;
  readonly filledQuantity: number;
  /** Volume-weighted price of the fills; `null` before the first one. */
  readonly averagePrice: number | null;
  readonly rejection: { readonly code: string; readonly message: string } | null;
  /** Status to return to when a requested update or cancel is refused; `null` unless one is pending. */
  readonly restoreTo: OrderStatus | null;
  /** Trades already counted. */
  readonly tradeIds: readonly string[];
}

/** An order nobody has heard of yet. */
export function initialOrder(id: string, quantity: number, limitPrice: number | null = null): OrderState {
  return {
    id,
    status: 'Initialized',
    quantity,
    limitPrice,
    filledQuantity: 0,
    averagePrice: null,
    rejection: null,
    restoreTo: null,
    tradeIds: [],
  };
}
