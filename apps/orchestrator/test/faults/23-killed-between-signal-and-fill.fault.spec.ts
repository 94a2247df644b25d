import type { Account } from '@tickbridge/contracts';
import { waitFor } from '@tickbridge/shared-cache/testing';
import { CRASH_POINTS, type CrashPoint } from '../../src/crash-points/crash-points';
import { TradingFloor } from '../trading-floor';

interface StoredOrder {
  id: string;
  status: string;
  quantity: number;
  filled_quantity: number;
}

/** Up to here nothing is promised: the signal was not stored when the process died. */
const BEFORE_THE_SIGNAL: readonly CrashPoint[] = ['signal.store'];

/** Those on the way from a signal to its fill; cancels and changes have a test of their own (46). */
const POINTS = CRASH_POINTS.filter((point) => !/^(cancel|change)\./.test(point));

/**
 * The orchestrator dies at a named step, is started again, and the outcome is compared with the paper broker's books.
 */
async function dieAt(
  point: CrashPoint,
): Promise<{ orders: StoredOrder[]; signals: number; differences: unknown[] }> {
  const floor = await TradingFloor.open();
  try {
    floor.price('RELIANCE', 100);
    const first = await floor.start({ CRASH_POINT: point });
    await waitFor(async () => {
      const [account] = await first.get<Account[]>('accounts');
      return account?.trading.state === 'trading';
    });
    // An order that rests at the broker, so that a later trade of it is booked by a look around.
    if (point.startsWith('fill.')) {
      await first.post('orders', {
        requestId: '3b1f8a52-6f1c-4a53-9d3c-0d8d6e1f9a01',
        accountId: 'PAPER_TRADER_001',
        symbol: 'RELIANCE',
        side: 'BUY',
        type: 'LIMIT',
        quantity: 10,
        limitPrice: 99,
        by: 'mira',
        reason: 'a test',
      });
      floor.price('RELIANCE', 98.5);
    } else floor.breakout('RELIANCE');
    await waitFor(() => !first.alive, { timeoutMs: 30_000 });
    expect(first.endedBy).toBe('SIGKILL');

    await floor.start();
    const orders = () =>
      floor.rows<StoredOrder>('select id, status, quantity, filled_quantity from trading.orders');
    const settled = ({ status }: StoredOrder) => ['Filled', 'Rejected', 'Denied'].includes(status);
    await waitFor(
      async () => {
        const [pending] = await floor.rows<{ count: number }>(
          `select count(*)::int as count from trading.signals s
           where s.strategy <> 'manual'
             and not exists (select 1 from trading.signal_outcomes o where o.signal_id = s.id)`,
        );
        const found = await orders();
        const expected = BEFORE_THE_SIGNAL.includes(point) ? found : found.length > 0 && found;
        const told = (await floor.rows('select 1 from trading.outbox')).length === 0;
        return pending?.count === 0 && expected && found.every(settled) && told;
      },
      { timeoutMs: 40_000 },
    );
    const [signals] = await floor.rows<{ count: number }>(
      'select count(*)::int as count from trading.signals',
    );
    return { orders: await orders(), signals: signals?.count ?? 0, differences: await floor.differences() };
  } finally {
    await floor.close();
  }
}

/** Deaths at a time: processes start slowly, and mostly wait. */
const AT_ONCE = 3;

describe('23: the orchestrator is killed at any step between signal and fill', () => {
  const deaths = new Map<CrashPoint, ReturnType<typeof dieAt>>();

  beforeAll(() => {
    let running: Promise<unknown>[] = Array.from({ length: AT_ONCE }, () => Promise.resolve());
    for (const point of POINTS) {
      const [free, ...others] = running as [Promise<unknown>, ...Promise<unknown>[]];
      const death = free.then(() => dieAt(point));
      const over = death.catch(() => undefined);
      deaths.set(point, death);
      running = [...others, over];
    }
  });

  it.each(POINTS)(
    'at %s: no order is lost, none is sent twice, the ledger equals the broker',
    async (point) => {
      const { orders, signals, differences } = (await deaths.get(point)) as Awaited<ReturnType<typeof dieAt>>;
      expect(differences).toEqual([]);
      // One signal, one order; it was young enough to be carried out when the process was back.
      expect(orders.length).toBe(signals);
      for (const { status, quantity, filled_quantity } of orders) {
        expect([status, filled_quantity]).toEqual(['Filled', quantity]);
      }
    },
    240_000,
  );
});
