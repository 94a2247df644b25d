import type { OrderSide } from '@tickbridge/contracts';

/** Whether a last price wakes a stop order up: at or above its trigger for a purchase, at or below for a sale. */
export function isTriggerReached(side: OrderSide, triggerPrice: number, lastPrice: number): boolean {
  return side === 'BUY' ? lastPrice >= triggerPrice : lastPrice <= triggerPrice;
}
