import { orderStatusSchema, type OrderStatus } from '@tickbridge/contracts';
import fc from 'fast-check';
import type { OrderChange } from './order-event';
import { initialOrder, type OrderState } from './order-state';
import { isOpen, isTerminal, ORDER_TABLE, RECOVERY_TARGETS } from './order-table';
import { IllegalTransitionError, InvalidFillError, OverFillError } from './orders.errors';
import { foldOrder, transition } from './transition';

const inStatus = (status: OrderStatus, values: Partial<OrderState> = {}): OrderState => ({
  ...initialOrder('order-1', 10),
  status,
  ...values,
});
const half: OrderChange = { type: 'filled', tradeId: 't1', quantity: 5, price: 100 };
const whole: OrderChange = { type: 'filled', tradeId: 't1', quantity: 10, price: 100 };
const denied: OrderChange = { type: 'denied', code: 'HALTED', message: 'halted' };
const rejected: OrderChange = { type: 'rejected', code: 'FUNDS', message: 'no funds' };

/** Rows of the table in orders-and-risk: status, what happens, status after. */
const legal: [OrderStatus, OrderChange, OrderStatus][] = [
  ['Initialized', denied, 'Denied'],
  ['Initialized', { type: 'submitted' }, 'Submitted'],
  ['Initialized', { ...rejected, recovered: true }, 'Rejected'],
  ['Initialized', { type: 'accepted', recovered: true }, 'Accepted'],
  ['Initialized', { type: 'canceled', recovered: true }, 'Canceled'],
  ['Initialized', { type: 'expired', recovered: true }, 'Expired'],
  ['Initialized', { type: 'triggered', recovered: true }, 'Triggered'],
  ['Submitted', { type: 'accepted' }, 'Accepted'],
  ['Submitted', rejected, 'Rejected'],
  ['Submitted', { type: 'canceled' }, 'Canceled'],
  ['Submitted', half, 'PartiallyFilled'],
  ['Submitted', whole, 'Filled'],
  ['Submitted', { type: 'update-requested' }, 'PendingUpdate'],
  ['Submitted', { type: 'cancel-requested' }, 'PendingCancel'],
  ['Accepted', { type: 'triggered' }, 'Triggered'],
  ['Accepted', half, 'PartiallyFilled'],
  ['Accepted', whole, 'Filled'],
  ['Accepted', { type: 'canceled' }, 'Canceled'],
  ['Accepted', { type: 'expired' }, 'Expired'],
  ['Accepted', rejected, 'Rejected'],
  ['Accepted', { type: 'update-requested' }, 'PendingUpdate'],
  ['Accepted', { type: 'cancel-requested' }, 'PendingCancel'],
  ['Triggered', half, 'PartiallyFilled'],
  ['Triggered', whole, 'Filled'],
  ['Triggered', { type: 'canceled' }, 'Canceled'],
  ['Triggered', { type: 'expired' }, 'Expired'],
  ['Triggered', rejected, 'Rejected'],
  ['Triggered', { type: 'update-requested' }, 'PendingUpdate'],
  ['Triggered', { type: 'cancel-requested' }, 'PendingCancel'],
  ['PendingUpdate', half, 'PartiallyFilled'],
  ['PendingUpdate', { type: 'canceled' }, 'Canceled'],
  ['PendingUpdate', { type: 'accepted' }, 'Accepted'],
  ['PendingCancel', { type: 'canceled' }, 'Canceled'],
  ['PendingCancel', whole, 'Filled'],
  ['PendingCancel', half, 'PartiallyFilled'],
  ['PendingCancel', { type: 'expired' }, 'Expired'],
  ['PartiallyFilled', { type: 'canceled' }, 'Canceled'],
  ['PartiallyFilled', { type: 'expired' }, 'Expired'],
  ['PartiallyFilled', { type: 'update-requested' }, 'PendingUpdate'],
  ['PartiallyFilled', { type: 'cancel-requested' }, 'PendingCancel'],
  ['Canceled', whole, 'Filled'],
];

const illegal: [OrderStatus, OrderChange][] = [
  ['Initialized', { type: 'accepted' }],
  ['Initialized', whole],
  ['Submitted', { type: 'submitted' }],
  ['Submitted', denied],
  ['Submitted', { type: 'expired' }],
  ['Accepted', { type: 'submitted' }],
  ['Accepted', { type: 'cancel-rejected' }],
  ['PartiallyFilled', rejected],
  ['PartiallyFilled', { type: 'accepted' }],
  ['PendingCancel', { type: 'accepted' }],
  ['PendingCancel', rejected],
  ['Canceled', { type: 'canceled' }],
  ['Canceled', { type: 'accepted' }],
  ['Denied', { type: 'submitted' }],
  ['Rejected', whole],
  ['Expired', whole],
  ['Filled', { type: 'canceled' }],
  ['Filled', { ...half, tradeId: 't9' }],
];

describe('the order table', () => {
  it.each(legal)('%s, %j: becomes %s', (from, change, to) => {
    const result = transition(inStatus(from), change);
    expect(result).toMatchObject({ kind: 'applied', from, to, order: { status: to } });
  });

  it.each(illegal)('%s, %j: is a typed error and changes nothing', (from, change) => {
    expect(() => transition(inStatus(from), change)).toThrow(IllegalTransitionError);
  });

  it('knows five terminal statuses; all others are open', () => {
    const terminal = orderStatusSchema.options.filter(isTerminal);
    expect(terminal).toEqual(['Denied', 'Rejected', 'Canceled', 'Expired', 'Filled']);
    expect(orderStatusSchema.options.filter(isOpen)).toHaveLength(7);
  });
});

describe('a refused request', () => {
  it.each(['Submitted', 'Accepted', 'Triggered', 'PartiallyFilled'] as const)(
    'restores %s, whether update or cancel was asked',
    (status) => {
      const update = foldOrder(inStatus(status), [{ type: 'update-requested' }, { type: 'update-rejected' }]);
      const cancel = foldOrder(inStatus(status), [{ type: 'cancel-requested' }, { type: 'cancel-rejected' }]);
      expect([update.status, cancel.status]).toEqual([status, status]);
      expect([update.restoreTo, cancel.restoreTo]).toEqual([null, null]);
    },
  );

  it('restores the status before the update when a cancel followed it', () => {
    const order = foldOrder(inStatus('Accepted'), [
      { type: 'update-requested' },
      { type: 'cancel-requested' },
      { type: 'cancel-rejected' },
    ]);
    expect(order.status).toBe('Accepted');
  });
});

describe('fills', () => {
  it('seen twice count once', () => {
    const once = foldOrder(inStatus('Accepted'), [half]);
    expect(transition(once, half)).toEqual({ kind: 'duplicate', tradeId: 't1' });
  });

  it('of a finished order that repeat a known trade are duplicates, not errors', () => {
    const filled = foldOrder(inStatus('Accepted'), [whole]);
    expect(transition(filled, whole)).toEqual({ kind: 'duplicate', tradeId: 't1' });
  });

  it('average by quantity, exactly', () => {
    const order = foldOrder(inStatus('Accepted', { quantity: 0.3 }), [
      { type: 'filled', tradeId: 'a', quantity: 0.1, price: 100 },
      { type: 'filled', tradeId: 'b', quantity: 0.2, price: 103 },
    ]);
    expect(order).toMatchObject({ status: 'Filled', filledQuantity: 0.3, averagePrice: 102 });
  });

  it('beyond the ordered quantity raise the alarm', () => {
    const change: OrderChange = { type: 'filled', tradeId: 't2', quantity: 11, price: 100 };
    expect(() => transition(inStatus('Accepted'), change)).toThrow(OverFillError);
  });

  it.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY])('of quantity or price %p are refused', (value) => {
    const quantity: OrderChange = { type: 'filled', tradeId: 't', quantity: value, price: 100 };
    const price: OrderChange = { type: 'filled', tradeId: 't', quantity: 1, price: value };
    expect(() => transition(inStatus('Accepted'), quantity)).toThrow(InvalidFillError);
    expect(() => transition(inStatus('Accepted'), price)).toThrow(InvalidFillError);
  });

  it('that come late for part of a canceled order are counted and leave it canceled', () => {
    const order = foldOrder(inStatus('Canceled'), [half]);
    expect(order).toMatchObject({ status: 'Canceled', filledQuantity: 5 });
  });
});

describe('random histories', () => {
  const simple = fc.constantFrom<OrderChange>(
    denied,
    rejected,
    { type: 'submitted' },
    { type: 'accepted' },
    { type: 'accepted', recovered: true },
    { type: 'triggered' },
    { type: 'canceled' },
    { type: 'expired' },
    { type: 'update-requested' },
    { type: 'updated', quantity: 12 },
    { type: 'update-rejected' },
    { type: 'cancel-requested' },
    { type: 'cancel-rejected' },
  );
  const fills = fc.record({
    type: fc.constant('filled' as const),
    tradeId: fc.constantFrom('a', 'b', 'c', 'd'),
    quantity: fc.constantFrom(1, 3, 10),
    price: fc.constantFrom(99, 101.5),
  });

  it('never leave the table, never over-fill, never count a trade twice', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(simple, fills), { maxLength: 30 }), (changes) => {
        let order = initialOrder('order-1', 10);
        for (const change of changes) {
          const before = order;
          try {
            const result = transition(order, change);
            if (result.kind === 'duplicate') continue;
            order = result.order;
            const inTable =
              ORDER_TABLE[before.status].includes(order.status) ||
              (before.status === 'Initialized' && RECOVERY_TARGETS.includes(order.status));
            expect(inTable).toBe(true);
            expect(order.filledQuantity).toBeLessThanOrEqual(order.quantity);
            expect(new Set(order.tradeIds).size).toBe(order.tradeIds.length);
            expect(order.restoreTo !== null).toBe(/^Pending/.test(order.status));
          } catch (error) {
            if (error instanceof IllegalTransitionError || error instanceof OverFillError) continue;
            throw error;
          }
        }
      }),
    );
  });
});
