import type { OrchestratorProcess } from '../orchestrator-process';
import { ShareKhanFloor } from './sharekhan-floor';

/** Ways in which nobody learns what became of an order. */
const LOST = ['silence', 'cut', 'server-error', 'bad-gateway', 'unreadable'] as const;

describe('26: the broker times out after it accepted', () => {
  let sk: ShareKhanFloor;
  let service: OrchestratorProcess;

  beforeAll(async () => {
    sk = await ShareKhanFloor.open();
    service = await sk.start();
  }, 120_000);

  afterAll(() => sk.close());

  const lose = async (how: string, taken: boolean, quantity: number) => {
    await sk.broker.show({ kind: 'answer', to: 'new', how, taken });
    return sk.place(service, { quantity });
  };

  it.each(LOST)('finds the order in the day report, and never sends it twice (%s)', async (how) => {
    const before = await sk.broker.status();
    const order = await lose(how, true, 3);
    const filled = await sk.becomes(service, order, ({ status }) => status === 'Filled');
    expect(filled.brokerOrderId).not.toBeNull();
    expect((await sk.broker.status()).calls['new']).toBe((before.calls['new'] ?? 0) + 1);
    expect(await sk.differences()).toEqual([]);
  });

  it('ends an order only after the day report has not shown it for a while, and keeps the evidence', async () => {
    const before = await sk.broker.report();
    const orders = [];
    for (const [index, how] of LOST.entries()) orders.push(await lose(how, false, 10 + index));
    for (const order of orders) {
      const ended = await sk.becomes(service, order, ({ status }) => status === 'Rejected', 60_000);
      expect(ended.rejection).toMatchObject({ code: 'NOT_FOUND_AT_BROKER' });
      expect(ended.rejection?.message).toMatch(/in \d+ looks, \d+ s after it was handed over/);
    }
    expect(await sk.broker.report()).toHaveLength(before.length);
    expect(await sk.differences()).toEqual([]);
  }, 90_000);

  it('leaves an order open while the day report cannot be read', async () => {
    await sk.broker.show({ kind: 'answer', to: 'report', how: 'server-error', count: 3 });
    const order = await lose('silence', true, 7);
    expect(order.status).toBe('Submitted');
    await sk.becomes(service, order, ({ status }) => status === 'Filled');
    expect(await sk.differences()).toEqual([]);
  });
});
