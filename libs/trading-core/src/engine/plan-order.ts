import type { OrderSide, Signal } from '@tickbridge/contracts';

/** What a signal means for an account, given what the account holds for that strategy and symbol. */
export type OrderPlan =
  | { kind: 'open'; side: OrderSide }
  /** Brings the position to zero. */
  | { kind: 'close'; side: OrderSide; quantity: number }
  | { kind: 'none'; reason: 'position-open' | 'no-position' };

/**
 * Turns a signal into an intention.
 *
 * An exit and a signal against the position close it; a second entry in the same direction is not ordered; a signal
 * against the position does not also open the other side, because its size was never risked.
 *
 * @param quantity open quantity of the signal's strategy and symbol; positive is long
 */
export function planOrder(signal: Pick<Signal, 'action'>, quantity: number): OrderPlan {
  const closing = {
    kind: 'close',
    side: quantity > 0 ? 'SELL' : 'BUY',
    quantity: Math.abs(quantity),
  } as const;
  if (signal.action === 'EXIT') return quantity === 0 ? { kind: 'none', reason: 'no-position' } : closing;
  if (quantity === 0) return { kind: 'open', side: signal.action };
  return signal.action === closing.side ? closing : { kind: 'none', reason: 'position-open' };
}
