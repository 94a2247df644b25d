import { waitFor } from '@tickbridge/shared-cache/testing';
import type { CrashPoint } from '../../src/crash-points/crash-points';
import type { ReportRow } from './simulator-process';
import { ACCOUNT, ShareKhanFloor } from './sharekhan-floor';

interface StoredOrder {
  status: string;
  filled_quantity: number;
  rejection_code: string | null;
}

/** What each death leaves behind: before the call the broker has nothing, after it has one order. */
const DEATHS: Partial<Record<CrashPoint, 'sent' | 'not sent'>> = {
  'order.submitted': 'not sent',
  'broker.send': 'not sent',
  'broker.sent': 'sent',
  'order.taken': 'sent',
  'fill.stored': 'sent',
};
const POINTS = Object.keys(DEATHS) as CrashPoint[];

/** Deaths at a time: processes start slowly, and mostly wait. */
const AT_ONCE = 3;

async function dieAt(
  point: CrashPoint,
): Promise<{ orders: StoredOrder[]; report: ReportRow[]; differences: unknown[] }> {
  const sk = await ShareKhanFloor.open();
  try {
    const first = await sk.start({ CRASH_POINT: point });
    await sk.place(first).catch(() => 'the process dies before it answers');
    await waitFor(() => !first.alive, { timeoutMs: 30_000 });
    expect(first.endedBy).toBe('SIGKILL');

    // Nobody logs in again: the token is in PostgreSQL.
    await sk.start({}, { login: false });
    const orders = () =>
      sk.floor.rows<StoredOrder>(
        'select status, filled_quantity, rejection_code from trading.orders where account_id = $1',
        [ACCOUNT],
      );
    await waitFor(
      async () => {
        const found = await orders();
        return found.length > 0 && found.every(({ status }) => status === 'Filled' || status === 'Rejected');
      },
      { timeoutMs: 60_000 },
    );
    return {
      orders: await orders(),
      report: await sk.broker.report(),
      differences: await sk.differences(),
    };
  } finally {
    await sk.close();
  }
}

describe('23: the orchestrator is killed around a call of ShareKhan', () => {
  const deaths = new Map<CrashPoint, ReturnType<typeof dieAt>>();

  beforeAll(() => {
    let running: Promise<unknown>[] = Array.from({ length: AT_ONCE }, () => Promise.resolve());
    for (const point of POINTS) {
      const [free, ...others] = running as [Promise<unknown>, ...Promise<unknown>[]];
      const death = free.then(() => dieAt(point));
      deaths.set(point, death);
      running = [...others, death.catch(() => undefined)];
    }
  });

  it.each(POINTS)(
    'at %s: no order is lost, none is sent twice, the ledger equals the day report',
    async (point) => {
      const { orders, report, differences } = (await deaths.get(point)) as Awaited<ReturnType<typeof dieAt>>;
      expect(differences).toEqual([]);
      expect(orders).toHaveLength(1);
      const [order] = orders;
      if (DEATHS[point] === 'sent') {
        expect(report).toHaveLength(1);
        expect(order).toMatchObject({ status: 'Filled', filled_quantity: 3 });
      } else {
        // Nobody can know that the call was never made: the day report says so in the end.
        expect(report).toEqual([]);
        expect(order).toMatchObject({ status: 'Rejected', rejection_code: 'NOT_FOUND_AT_BROKER' });
      }
    },
    240_000,
  );
});
