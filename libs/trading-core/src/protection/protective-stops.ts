import { MANUAL_STRATEGY, type OrderSide } from '@tickbridge/contracts';
import { exitRoom } from '../exits/exit-room';
import { Money, money, ZERO } from '../money/money';
import type { ProtectiveAction } from './protective-action';
import type { ProtectedPosition, ProtectedSymbol, RestingStop, SymbolOrder } from './protected-symbol';

/** So many stops in a row that the broker refused or ended: the position is closed. */
export const MAX_STOP_FAILURES = 3;
/** Wait before the next stop after that many failures (ms); beyond, and where nothing may be closed, the last. */
const RETRY_MS = [0, 0, 1_000, 2_000] as const;
const LONG_RETRY_MS = 30_000;
/** Wait after a stop that the risk check did not let go (ms). */
const DENIED_RETRY_MS = 5_000;

type StopOrder = SymbolOrder & { stop: RestingStop };

/**
 * What has to be done so that for every open position one stop of its quantity rests, and no order more.
 *
 * One stop is changed where it rests and never joined by a second. Nothing is placed beside an order of which nobody knows
 * whether it works. Quantity that another order is closing is left to that order.
 *
 * @returns empty when what should rest does, or its end has to be waited for
 */
export function protectiveActions(symbol: ProtectedSymbol): ProtectiveAction[] {
  const wanted = wantedQuantities(symbol);
  const taken = new Set<string>();
  const actions = [...wanted].flatMap(([position, quantity]) => {
    const own = stopsOf(symbol, position);
    for (const { id } of own) taken.add(id);
    return forPosition(symbol, position, own, quantity);
  });
  const orphans = symbol.orders.filter((order): order is StopOrder => isStop(order) && !taken.has(order.id));
  return [...orphans.flatMap(cancel), ...actions];
}

/** How much of each position a stop has to close: what other orders do not close already. */
function wantedQuantities({ positions, orders }: ProtectedSymbol): Map<ProtectedPosition, Money> {
  const others = orders.filter((order) => !isStop(order));
  const wanted = new Map<ProtectedPosition, Money>();
  for (const side of ['SELL', 'BUY'] as const) {
    const closed = positions.filter((position) => closingSide(position) === side);
    let byPerson = takenByPerson(side, positions, others);
    for (const position of closed) {
      const room = exitRoom(position.quantity, side, others.filter(isOf(position)));
      const shared = position.strategy === MANUAL_STRATEGY ? ZERO : Money.min(room, byPerson);
      byPerson = byPerson.minus(shared);
      wanted.set(position, room.minus(shared));
    }
  }
  return wanted;
}

/**
 * What a person takes of the positions of strategies in their own name: held against them, or being bought or sold
 * against them at the market, beyond what the person holds.
 */
function takenByPerson(
  side: OrderSide,
  positions: readonly ProtectedPosition[],
  others: readonly SymbolOrder[],
): Money {
  const held = money(positions.find(({ strategy }) => strategy === MANUAL_STRATEGY)?.quantity ?? 0);
  const own = side === 'SELL' ? held : held.neg();
  const ordered = others
    .filter((order) => order.strategy === MANUAL_STRATEGY && order.side === side && order.immediate)
    .reduce((sum, { remaining }) => sum.plus(remaining), ZERO);
  return Money.max(0, ordered.minus(own));
}

function forPosition(
  symbol: ProtectedSymbol,
  position: ProtectedPosition,
  own: readonly StopOrder[],
  wanted: Money,
): ProtectiveAction[] {
  const [first, ...more] = own;
  // Whatever led to several: one is enough, and the others end before it is changed.
  if (more.length > 0) return more.flatMap(cancel);
  if (position.stop === null || wanted.lte(0)) return first ? cancel(first) : [];
  // A stop of an earlier position may still fill.
  const earlier = symbol.orders.some((order) => isStop(order) && order !== first && isOf(position)(order));
  if (earlier) return [];
  // A level that cannot be told now is no reason to take away what protects.
  if (position.stop === undefined) return first ? adjust(first, position, first.stop.trigger, wanted) : [];
  if (first) return adjust(first, position, position.stop, wanted);
  return begin(symbol, position, position.stop, wanted.toNumber());
}

/** Nothing protects the position. */
function begin(
  { now, mayClose }: ProtectedSymbol,
  { strategy, groupId, reached, endings, quantity: held }: ProtectedPosition,
  trigger: number,
  quantity: number,
): ProtectiveAction[] {
  const order = { strategy, groupId, side: held > 0 ? 'SELL' : 'BUY', quantity } as const;
  if (mayClose && reached) return [{ kind: 'close', ...order, cause: 'stop-passed' }];
  if (mayClose && endings.failures >= MAX_STOP_FAILURES)
    return [{ kind: 'close', ...order, cause: 'stop-refused' }];
  const waitMs = endings.denied ? DENIED_RETRY_MS : (RETRY_MS[endings.failures] ?? LONG_RETRY_MS);
  const isDue = endings.failedAt === null || now - endings.failedAt >= waitMs;
  return isDue ? [{ kind: 'place', ...order, trigger }] : [];
}

/** A stop works: it gets the right quantity and trigger. */
function adjust(
  { id, remaining, stop }: StopOrder,
  { reached }: ProtectedPosition,
  level: number,
  wanted: Money,
): ProtectiveAction[] {
  if (stop.state !== 'resting') return [];
  // A trigger that the price has passed would be refused: the one that rests stays.
  const trigger = reached ? stop.trigger : level;
  if (wanted.eq(remaining) && trigger === stop.trigger) return [];
  return [{ kind: 'replace', orderId: id, quantity: wanted.plus(stop.filled).toNumber(), trigger }];
}

function cancel({ id, stop }: StopOrder): ProtectiveAction[] {
  return stop.state === 'unsettled' ? [] : [{ kind: 'cancel', orderId: id }];
}

function stopsOf({ orders }: ProtectedSymbol, position: ProtectedPosition): StopOrder[] {
  const side = closingSide(position);
  return orders.filter(
    (order): order is StopOrder =>
      isStop(order) &&
      isOf(position)(order) &&
      order.side === side &&
      order.stop.groupId === position.groupId,
  );
}

function isOf({ strategy }: ProtectedPosition): (order: SymbolOrder) => boolean {
  return (order) => order.strategy === strategy;
}

function isStop(order: SymbolOrder): order is StopOrder {
  return order.stop !== undefined;
}

function closingSide({ quantity }: ProtectedPosition): OrderSide {
  return quantity > 0 ? 'SELL' : 'BUY';
}
