import type { OrderSide } from '@tickbridge/contracts';
import { Money, money, type MoneyInput, ZERO } from '../money/money';

/** An order that closes a position and may still fill. */
export interface WorkingExit {
  side: OrderSide;
  /** What is not filled of it. */
  remaining: MoneyInput;
}

/**
 * How much an order of a side may still close: what is held less what other orders of that side may yet fill.
 *
 * @param held signed quantity; positive is long
 * @param others orders of either side; those that would add to the position take nothing away
 * @returns zero when the side closes nothing
 */
export function exitRoom(held: MoneyInput, side: OrderSide, others: readonly WorkingExit[]): Money {
  const open = money(held);
  if (side === 'SELL' ? open.lte(0) : open.gte(0)) return ZERO;
  const closing = others
    .filter((other) => other.side === side)
    .reduce((sum, { remaining }) => sum.plus(remaining), ZERO);
  return Money.max(0, open.abs().minus(closing));
}
