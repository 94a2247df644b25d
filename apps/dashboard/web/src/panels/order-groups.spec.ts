import type { Order } from '@tickbridge/contracts';
import { inGroups } from './order-groups';

const order = (id: string, groupId: string | null, more: Partial<Order> = {}) =>
  ({ id, groupId, protective: false, reduceOnly: false, ...more }) as Order;
const shown = (orders: readonly Order[]) => inGroups(orders).map(({ order: { id }, leg }) => [id, leg]);

describe('orders in groups', () => {
  it('put what belongs to an entry below it, where the newest of them stands', () => {
    const orders = [
      order('exit', 'a', { reduceOnly: true }),
      order('b', 'b'),
      order('stop', 'a', { reduceOnly: true, protective: true }),
      order('sold', 'a'),
      order('a', 'a'),
    ];
    expect(shown(orders)).toEqual([
      ['a', null],
      ['exit', 'exit'],
      ['stop', 'stop'],
      ['sold', 'order'],
      ['b', null],
    ]);
  });

  it('leave alone what has no group, and legs whose entry is not in the list', () => {
    const orders = [order('old', null), order('exit', 'gone', { reduceOnly: true })];
    expect(shown(orders)).toEqual([
      ['old', null],
      ['exit', null],
    ]);
  });
});
