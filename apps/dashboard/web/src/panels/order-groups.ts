import type { Order } from '@tickbridge/contracts';

/** An order as the list shows it. */
export interface ListedOrder {
  order: Order;
  /** What it is to the entry above it; `null` of orders that stand for themselves. */
  leg: 'stop' | 'exit' | 'order' | null;
}

/**
 * Orders of one position one below the other: the entry, then what belongs to it, newest first. The group stands where its
 * newest order would.
 *
 * @param orders newest first
 */
export function inGroups(orders: readonly Order[]): ListedOrder[] {
  const entries = new Set(orders.filter(isEntry).map(({ id }) => id));
  const groups = new Map<string, Order[]>();
  for (const order of orders) {
    const { id, groupId } = order;
    const key = groupId !== null && entries.has(groupId) ? groupId : id;
    const group = groups.get(key);
    if (group) group.push(order);
    else groups.set(key, [order]);
  }
  return [...groups.values()].flatMap((group) => [
    ...group.filter(isEntry).map((order) => ({ order, leg: null })),
    ...group.filter((order) => !isEntry(order)).map((order) => ({ order, leg: legOf(order, entries) })),
  ]);
}

function isEntry({ id, groupId }: Order): boolean {
  return groupId === id;
}

function legOf({ groupId, protective, reduceOnly }: Order, entries: ReadonlySet<string>): ListedOrder['leg'] {
  if (groupId === null || !entries.has(groupId)) return null;
  if (protective) return 'stop';
  return reduceOnly ? 'exit' : 'order';
}
