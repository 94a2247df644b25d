import type { Signal } from '@tickbridge/contracts';
import type { StoredAccount } from '../accounts/account.repository';
import type { TradingClock } from '../market/trading-clock';
import type { PositionBook } from '../positions/position-book';
import type { StoredOrderRow } from '../rows/order.rows';
import { BracketEntries } from './bracket-entries';
import type { BrokerChanges } from './broker-changes';
import type { OrderRepository } from './order.repository';

const NOON = Date.parse('2026-11-20T06:30:00Z');
const exit = {
  strategy: 'manual',
  symbol: 'ACME',
  accountId: 'A',
  createdAt: new Date(NOON).toISOString(),
  expiresAt: new Date(NOON + 30_000).toISOString(),
} as Signal;
const account = { id: 'A' } as StoredAccount;
const order = (id: string, more: Partial<StoredOrderRow> = {}) =>
  ({
    id,
    accountId: 'A',
    strategy: 'manual',
    symbol: 'ACME',
    side: 'BUY',
    type: 'LIMIT',
    timeInForce: 'DAY',
    status: 'Accepted',
    brokerOrderId: id,
    protective: false,
    reduceOnly: false,
    stopLoss: null,
    target: null,
    filledQuantity: 0,
    ...more,
  }) as StoredOrderRow;

/** A long of the account, the broker ends what it is asked to unless it is slow. */
function entries(
  orders: StoredOrderRow[],
  { held = 10, openedAt = NOON - 60_000, now = NOON, slow = false } = {},
) {
  const repository = {
    unfinished: () => Promise.resolve(orders.filter(({ status }) => status !== 'Canceled')),
    find: (id: string) => Promise.resolve(orders.find((one) => one.id === id)),
  };
  const book = { quantity: () => held, life: () => ({ openedAt: held === 0 ? null : openedAt }) };
  const changes = {
    withdraw: () => Promise.resolve(undefined),
    cancel: (one: StoredOrderRow) => {
      one.status = slow ? 'PendingCancel' : 'Canceled';
      return Promise.resolve(!slow);
    },
  };
  return new BracketEntries(
    repository as unknown as OrderRepository,
    book as unknown as PositionBook,
    changes as unknown as BrokerChanges,
    { now: () => now } as TradingClock,
  );
}

describe('what works beside the exit of a person', () => {
  it.each([
    ['of what is held', {}, true],
    ['of a position that is over', { held: 0 }, false],
    ['of the position before', { openedAt: NOON + 1_000 }, false],
    ['that has expired', { now: NOON + 31_000 }, false],
  ])('an exit %s counts: %j, %p', (_title, what, counts) => {
    expect(entries([], what).isCurrent(exit)).toBe(counts);
  });

  it('is canceled where it rests, in the symbol and of the person alone', async () => {
    const orders = [
      order('entry'),
      order('exit', { side: 'SELL' }),
      order('of-strategy', { strategy: 'x' }),
      order('elsewhere', { symbol: 'OTHER' }),
      order('stop', { side: 'SELL', protective: true }),
      order('at-market', { side: 'SELL', type: 'MARKET' }),
    ];
    expect(await entries(orders).makeWay(exit, account)).toBe(true);
    const canceled = orders.filter(({ status }) => status === 'Canceled').map(({ id }) => id);
    expect(canceled).toEqual(['entry', 'exit']);
  });

  it('holds the exit back until its end is proved', async () => {
    const orders = [order('entry')];
    expect(await entries(orders, { slow: true }).makeWay(exit, account)).toBe(false);
    expect(await entries(orders, { slow: true }).makeWay(exit, account)).toBe(false);
    (orders[0] as StoredOrderRow).status = 'Canceled';
    expect(await entries(orders, { slow: true }).makeWay(exit, account)).toBe(true);
  });

  it.each([
    ['an entry that has filled in part, its position over', { filledQuantity: 4, stopLoss: 95 }, 0, true],
    ['the same while the position is held', { filledQuantity: 4, stopLoss: 95 }, 4, false],
    ['an entry that waits', { stopLoss: 95 }, 0, false],
    ['an order without levels', { filledQuantity: 4 }, 0, false],
  ])('%s is ended: %j, %d held, %p', async (_title, more, held, ends) => {
    const orders = [order('entry', more)];
    await entries(orders, { held }).endLeft(account);
    expect(orders[0]?.status === 'Canceled').toBe(ends);
  });
});
