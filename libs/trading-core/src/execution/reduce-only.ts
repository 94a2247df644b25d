import type { OrderSide } from '@tickbridge/contracts';
import { exitRoom } from '../exits/exit-room';
import { Money, type MoneyInput } from '../money/money';
import type { PaperMatch } from './paper-match';

/**
 * What a look at the market may do to an order that must only reduce: no more is filled than is held at that moment, and
 * the rest, which could close nothing, goes.
 *
 * @param held signed quantity of the position it closes
 */
export function reduceOnlyMatch(match: PaperMatch, side: OrderSide, held: MoneyInput): PaperMatch {
  if (!match.fill) return match;
  const room = exitRoom(held, side, []);
  if (room.gte(match.fill.quantity)) return match;
  const quantity = Money.min(room, match.fill.quantity).toNumber();
  return { ...match, fill: quantity > 0 ? { ...match.fill, quantity } : undefined, canceled: true };
}
