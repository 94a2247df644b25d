import fc from 'fast-check';
import type { ProtectiveAction } from './protective-action';
import type { ProtectedPosition, ProtectedSymbol, RestingStop, SymbolOrder } from './protected-symbol';
import { protectiveActions } from './protective-stops';

const NOW = 1_000_000;
const fine = { failures: 0, failedAt: null, denied: false };
const long = (more: Partial<ProtectedPosition> = {}): ProtectedPosition => ({
  strategy: 'a',
  groupId: 'g',
  quantity: 10,
  stop: 95,
  reached: false,
  endings: fine,
  ...more,
});
const stop = (more: Partial<RestingStop> = {}, order: Partial<SymbolOrder> = {}): SymbolOrder => ({
  id: 's1',
  strategy: 'a',
  side: 'SELL',
  remaining: 10,
  immediate: false,
  stop: { groupId: 'g', trigger: 95, quantity: 10, filled: 0, state: 'resting', ...more },
  ...order,
});
const exit = (remaining: number, more: Partial<SymbolOrder> = {}): SymbolOrder => ({
  id: 'x1',
  strategy: 'a',
  side: 'SELL',
  remaining,
  immediate: true,
  ...more,
});
const symbol = (
  positions: ProtectedPosition[],
  orders: SymbolOrder[] = [],
  more: Partial<ProtectedSymbol> = {},
): ProtectedSymbol => ({ positions, orders, now: NOW, mayClose: true, ...more });

const place = { kind: 'place', strategy: 'a', groupId: 'g', side: 'SELL', quantity: 10, trigger: 95 };
const close = { kind: 'close', strategy: 'a', groupId: 'g', side: 'SELL', quantity: 10 };
const cancel = { kind: 'cancel', orderId: 's1' };
const replace = (quantity: number, trigger = 95) => ({ kind: 'replace', orderId: 's1', quantity, trigger });
const failed = (failures: number, agoMs: number) => ({ failures, failedAt: NOW - agoMs, denied: false });
const sold = long({ strategy: 'manual', groupId: 'm', quantity: -4, stop: null });

describe('what has to be done so that one stop protects each position', () => {
  it.each<[string, ProtectedSymbol, object[]]>([
    ['a position without a stop gets one', symbol([long()]), [place]],
    ['a short gets one that buys', symbol([long({ quantity: -10 })]), [{ ...place, side: 'BUY' }]],
    ['a position without a level gets none', symbol([long({ stop: null })]), []],
    ['a level that is taken away takes the stop away', symbol([long({ stop: null })], [stop()]), [cancel]],
    ['a level that cannot be told leaves the stop', symbol([long({ stop: undefined })], [stop()]), []],
    ['and places none', symbol([long({ stop: undefined })]), []],
    [
      'but its quantity follows the position',
      symbol([long({ stop: undefined, quantity: 4 })], [stop()]),
      [replace(4)],
    ],
    ['what rests as it should is left alone', symbol([long()], [stop()]), []],
    ['a position that grew makes it grow', symbol([long({ quantity: 14 })], [stop()]), [replace(14)]],
    ['a position that shrank makes it shrink', symbol([long({ quantity: 4 })], [stop()]), [replace(4)]],
    [
      'what is filled of it stays counted',
      symbol([long({ quantity: 7 })], [stop({ filled: 3 }, { remaining: 7 })]),
      [],
    ],
    [
      'what is filled of it is part of its new quantity',
      symbol([long({ quantity: 9 })], [stop({ filled: 3 }, { remaining: 7 })]),
      [replace(12)],
    ],
    ['a level that moves is moved', symbol([long({ stop: 97 })], [stop()]), [replace(10, 97)]],
    ['but not to where the price has passed it', symbol([long({ stop: 97, reached: true })], [stop()]), []],
    ['a change on its way is waited for', symbol([long({ stop: 97 })], [stop({ state: 'changing' })]), []],
    ['nothing is placed beside one that may work', symbol([long()], [stop({ state: 'unsettled' })]), []],
    ['an exit of all takes it back', symbol([long()], [stop(), exit(10)]), [cancel]],
    ['even while it is being changed', symbol([long()], [stop({ state: 'changing' }), exit(10)]), [cancel]],
    ['an exit of a part makes it smaller', symbol([long()], [stop(), exit(4)]), [replace(6)]],
    ['an exit needs no stop beside it', symbol([long()], [exit(10)]), []],
    ['an exit of a part leaves the rest to a stop', symbol([long()], [exit(4)]), [{ ...place, quantity: 6 }]],
    ['a closed position has its stop taken away', symbol([], [stop()]), [cancel]],
    [
      'a position opened anew waits for the end of the old stop',
      symbol([long({ groupId: 'h' })], [stop()]),
      [cancel],
    ],
    [
      'and for one that nobody knows of',
      symbol([long({ groupId: 'h' })], [stop({ state: 'unsettled' })]),
      [],
    ],
    [
      'of two only one stays',
      symbol([long()], [stop(), stop({}, { id: 's2' })]),
      [{ ...cancel, orderId: 's2' }],
    ],
    ['a position turned round loses its stop first', symbol([long({ quantity: -5 })], [stop()]), [cancel]],
    ['what a person sold against it is not sold again', symbol([long(), sold], [stop()]), [replace(6)]],
    [
      'nor what a person is selling against it',
      symbol([long()], [stop(), exit(4, { strategy: 'manual' })]),
      [replace(6)],
    ],
    [
      'a price that a person waits for takes nothing from it',
      symbol([long()], [stop(), exit(4, { strategy: 'manual', immediate: false })]),
      [],
    ],
    [
      'a price beyond the level closes at once',
      symbol([long({ reached: true })]),
      [{ ...close, cause: 'stop-passed' }],
    ],
    [
      'but not on a halted platform, which only protects',
      symbol([long({ reached: true })], [], { mayClose: false }),
      [place],
    ],
    ['a first failure is met at once', symbol([long({ endings: failed(1, 0) })]), [place]],
    ['a second after a moment', symbol([long({ endings: failed(2, 500) })]), []],
    ['which passes', symbol([long({ endings: failed(2, 1_000) })]), [place]],
    [
      'a third closes the position',
      symbol([long({ endings: failed(3, 0) })]),
      [{ ...close, cause: 'stop-refused' }],
    ],
    [
      'or is followed by another, on a halted platform',
      symbol([long({ endings: failed(4, 30_000) })], [], { mayClose: false }),
      [place],
    ],
    [
      'what the risk check denied is asked again, and closes nothing',
      symbol([long({ endings: { failures: 0, failedAt: NOW - 5_000, denied: true } })]),
      [place],
    ],
    ['after a while', symbol([long({ endings: { failures: 0, failedAt: NOW - 4_999, denied: true } })]), []],
  ])('%s', (_title, given, actions) => {
    expect(protectiveActions(given)).toEqual(actions);
  });
});

const strategies = ['a', 'b', 'manual'] as const;
const quantity = fc.integer({ min: 1, max: 20 });
const anyPosition = (strategy: string) =>
  fc.record({
    strategy: fc.constant(strategy),
    groupId: fc.constantFrom(`${strategy}1`, `${strategy}2`),
    quantity: fc.oneof(
      quantity,
      quantity.map((size) => -size),
    ),
    stop: fc.constantFrom(95, 96, null),
    reached: fc.boolean(),
    endings: fc.record({
      failures: fc.integer({ min: 0, max: 5 }),
      failedAt: fc.constantFrom(null, NOW, NOW - 60_000),
      denied: fc.boolean(),
    }),
  });
const anyOrder = fc.record(
  {
    strategy: fc.constantFrom(...strategies),
    side: fc.constantFrom<'BUY' | 'SELL'>('BUY', 'SELL'),
    remaining: quantity,
    immediate: fc.boolean(),
    stop: fc.record({
      groupId: fc.constantFrom('a1', 'a2', 'b1', 'manual1'),
      trigger: fc.constantFrom(95, 96),
      filled: fc.integer({ min: 0, max: 5 }),
      state: fc.constantFrom<RestingStop['state']>('resting', 'changing', 'unsettled'),
    }),
  },
  { requiredKeys: ['strategy', 'side', 'remaining', 'immediate'] },
);
const anySymbol: fc.Arbitrary<ProtectedSymbol> = fc
  .record({
    positions: fc
      .tuple(...strategies.map((strategy) => fc.option(anyPosition(strategy), { nil: undefined })))
      .map((all) => all.filter((one) => one !== undefined)),
    orders: fc.array(anyOrder, { maxLength: 6 }),
    mayClose: fc.boolean(),
  })
  .map(({ orders, ...rest }) => ({
    ...rest,
    now: NOW,
    orders: orders.map(({ stop: given, ...order }, index) => ({
      ...order,
      id: `o${index}`,
      ...(given && { stop: { ...given, quantity: order.remaining + given.filled } }),
    })),
  }));

/** The orders once everything asked for was done, and everything under way has come to its end. */
function carriedOut(orders: readonly SymbolOrder[], actions: readonly ProtectiveAction[]): SymbolOrder[] {
  const next = new Map(orders.map((order) => [order.id, { ...order }]));
  for (const action of actions) {
    if (action.kind === 'cancel') next.delete(action.orderId);
    else if (action.kind === 'replace') {
      const order = next.get(action.orderId) as SymbolOrder & { stop: RestingStop };
      const { quantity: whole, trigger } = action;
      next.set(order.id, {
        ...order,
        remaining: whole - order.stop.filled,
        stop: { ...order.stop, quantity: whole, trigger },
      });
    } else {
      const { strategy, side, quantity: remaining, groupId } = action;
      const id = `n${next.size}-${strategy}`;
      const settled = action.kind === 'place' && {
        immediate: false,
        stop: { groupId, trigger: action.trigger, quantity: remaining, filled: 0, state: 'resting' as const },
      };
      next.set(id, { id, strategy, side, remaining, immediate: true, ...settled });
    }
  }
  return [...next.values()].map((order) =>
    order.stop ? { ...order, stop: { ...order.stop, state: 'resting' as const } } : order,
  );
}
const closes =
  ({ strategy, quantity: held }: ProtectedPosition) =>
  (order: SymbolOrder) =>
    order.strategy === strategy && order.side === (held > 0 ? 'SELL' : 'BUY');
const sum = (orders: readonly SymbolOrder[]) => orders.reduce((total, { remaining }) => total + remaining, 0);

describe('whatever is held and whatever works', () => {
  it('no action lets more be closed than is held', () => {
    fc.assert(
      fc.property(anySymbol, (given) => {
        const actions = protectiveActions(given);
        const removed = new Set(actions.flatMap((one) => (one.kind === 'cancel' ? [one.orderId] : [])));
        for (const action of actions) {
          if (action.kind === 'cancel') continue;
          const changed = action.kind === 'replace' && given.orders.find(({ id }) => id === action.orderId);
          const strategy = action.kind === 'replace' ? changed && changed.strategy : action.strategy;
          const position = given.positions.find((one) => one.strategy === strategy) as ProtectedPosition;
          const others = given.orders.filter((order) => closes(position)(order) && order !== changed);
          const adds = action.quantity - (changed ? (changed.stop?.filled ?? 0) : 0);
          // What is being canceled may fill until it has ended: nothing is placed or enlarged beside it.
          expect(others.some(({ id }) => removed.has(id))).toBe(false);
          expect(sum(others) + adds).toBeLessThanOrEqual(Math.abs(position.quantity));
        }
      }),
      { numRuns: 5_000 },
    );
  });

  it('no stop is placed beside another of the strategy, and none changed twice', () => {
    fc.assert(
      fc.property(anySymbol, (given) => {
        const actions = protectiveActions(given);
        const placed = actions.flatMap((one) => (one.kind === 'place' ? [one.strategy] : []));
        const changed = actions.flatMap((one) => ('orderId' in one ? [one.orderId] : []));
        expect(new Set(changed).size).toBe(changed.length);
        expect(new Set(placed).size).toBe(placed.length);
        for (const order of given.orders) if (order.stop) expect(placed).not.toContain(order.strategy);
      }),
      { numRuns: 5_000 },
    );
  });

  it('comes to rest once everything asked for is done, with every position covered', () => {
    fc.assert(
      fc.property(anySymbol, (given) => {
        const later = {
          ...given,
          now: NOW + 60_000,
          positions: given.positions.map((one) => ({ ...one, endings: fine })),
        };
        let { orders } = given;
        let actions: ProtectiveAction[] = [];
        for (let round = 0; round < 8; round += 1) {
          actions = protectiveActions({ ...later, orders });
          orders = carriedOut(orders, actions);
        }
        expect(actions).toEqual([]);
        const byPerson = orders.filter((one) => one.strategy === 'manual' && one.immediate);
        const ofPerson = Math.abs(later.positions.find((one) => one.strategy === 'manual')?.quantity ?? 0);
        for (const position of later.positions) {
          if (position.stop === null || position.strategy === 'manual') continue;
          const covered = sum(orders.filter(closes(position)));
          expect(covered + sum(byPerson) + ofPerson).toBeGreaterThanOrEqual(Math.abs(position.quantity));
        }
      }),
      { numRuns: 5_000 },
    );
  });
});
