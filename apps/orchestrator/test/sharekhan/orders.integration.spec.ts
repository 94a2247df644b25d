import { waitFor } from '@tickbridge/shared-cache/testing';
import type { OrchestratorProcess } from '../orchestrator-process';
import { ShareKhanFloor } from './sharekhan-floor';

describe('orders at ShareKhan', () => {
  let sk: ShareKhanFloor;
  let service: OrchestratorProcess;

  beforeAll(async () => {
    sk = await ShareKhanFloor.open();
    service = await sk.start();
  }, 120_000);

  afterEach(async () => {
    sk.floor.risk.answer = 'approve';
    await sk.broker.show({ kind: 'clear' });
    expect(await sk.differences()).toEqual([]);
  });

  afterAll(() => sk.close());

  it('fills a market order, and books what the day report says', async () => {
    const order = await sk.place(service);
    const filled = await sk.becomes(service, order, ({ status }) => status === 'Filled');
    expect(filled).toMatchObject({ filledQuantity: 3, heldReason: null });
    expect(filled.brokerOrderId).toMatch(/^\d+$/);
  });

  it('lets a limit rest, changes it at the broker, and cancels it', async () => {
    const order = await sk.place(service, { symbol: 'TCS', type: 'LIMIT', limitPrice: 2, quantity: 4 });
    await sk.becomes(service, order, ({ status }) => status === 'Accepted');
    const change = { quantity: 6, limitPrice: 2.5, by: 'mira', reason: 'a test' };
    const answer = await service.fetch(`orders/${order.id}`, {
      method: 'PATCH',
      body: JSON.stringify(change),
    });
    expect(await answer.json()).toMatchObject({ quantity: 6, limitPrice: 2.5, status: 'Accepted' });
    const [row] = (await sk.broker.report()).filter(({ tradingSymbol }) => tradingSymbol === 'TCS');
    expect(row).toMatchObject({ orderQty: 6, orderPrice: '2.5' });
    const canceled = await service.post(`orders/${order.id}/cancel`, { by: 'mira', reason: 'a test' });
    expect(canceled).toMatchObject({ status: 'Canceled' });
  });

  it('wakes a stop at its trigger', async () => {
    const order = await sk.place(service, { symbol: 'ITC', type: 'STOP', triggerPrice: 101, quantity: 2 });
    await sk.becomes(service, order, ({ status }) => status === 'Filled');
  });

  it('books a part as a part, and the rest when it comes', async () => {
    await sk.broker.show({ kind: 'partial-fills', fraction: 0.5 });
    const order = await sk.place(service, { quantity: 4 });
    const part = await sk.becomes(service, order, ({ filledQuantity }) => filledQuantity === 2);
    expect(part.status).toBe('PartiallyFilled');
    await sk.broker.show({ kind: 'clear' });
    await sk.becomes(service, order, ({ status }) => status === 'Filled');
  });

  it("rejects what the exchange rejects, in the exchange's words", async () => {
    await sk.broker.show({ kind: 'reject-orders', message: 'RMS: margin exceeds limit' });
    const order = await sk.place(service);
    const rejected = await sk.becomes(service, order, ({ status }) => status === 'Rejected');
    expect(rejected.rejection).toEqual({ code: 'BROKER_REJECTED', message: 'RMS: margin exceeds limit' });
  });

  it('takes an order id that is none for a refusal, whatever the status', async () => {
    await sk.broker.show({ kind: 'answer', to: 'new', how: 'bad-order-id', taken: false, count: 4 });
    for (let times = 0; times < 4; times += 1) {
      const order = await sk.place(service);
      expect(order).toMatchObject({ status: 'Rejected', rejection: { message: 'Insufficient limits' } });
    }
  });

  it.each(['duplicate', 'reorder', 'late', 'none'])(
    'counts every trade once when acknowledgements are spoilt (%s)',
    async (how) => {
      await sk.broker.show({ kind: 'acknowledgements', how, delayMs: 500 });
      const order = await sk.place(service, { symbol: 'SBIN', quantity: 5 });
      const filled = await sk.becomes(service, order, ({ status }) => status === 'Filled');
      expect(filled.filledQuantity).toBe(5);
    },
  );

  it('listens again after the stream was cut', async () => {
    await sk.broker.show({ kind: 'drop-streams' });
    const order = await sk.place(service);
    await sk.becomes(service, order, ({ status }) => status === 'Filled');
    const streams = async () => (await sk.broker.status()).streams;
    while ((await streams()) !== 1) await sk.order(service, order);
  });

  it('holds an order while the broker throttles, and sends it once when it does not', async () => {
    const before = (await sk.broker.report()).length;
    await sk.broker.show({ kind: 'answer', to: 'new', how: 'throttle', taken: false });
    const held = await sk.place(service);
    expect(held).toMatchObject({ status: 'Submitted', heldReason: 'BROKER_THROTTLED' });
    await sk.becomes(service, held, ({ status }) => status === 'Filled');
    expect(await sk.broker.report()).toHaveLength(before + 1);
  });

  it('asks again for a held order before it goes, and rejects it where it may not go by now', async () => {
    const before = (await sk.broker.report()).length;
    await sk.broker.show({ kind: 'answer', to: 'new', how: 'throttle', taken: false });
    const held = await sk.place(service);
    expect(held).toMatchObject({ status: 'Submitted', heldReason: 'BROKER_THROTTLED' });
    sk.floor.risk.answer = 'deny';
    const rejected = await sk.becomes(service, held, ({ status }) => status === 'Rejected');
    expect(rejected).toMatchObject({ heldReason: null, rejection: { code: 'DAILY_LOSS' } });
    expect(await sk.broker.report()).toHaveLength(before);
  });

  it.each(['Modify Rejected', 'Cancel Pending', 'Not Cancelled', 'Frozen'])(
    'ends no order that ShareKhan calls "%s"',
    async (orderStatus) => {
      await sk.broker.show({ kind: 'report', orderStatus });
      const order = await sk.place(service, { symbol: 'TCS', type: 'LIMIT', limitPrice: 2, quantity: 4 });
      await sk.becomes(service, order, ({ status }) => status === 'Accepted');
      const reports = async () => (await sk.broker.status()).calls['report'] ?? 0;
      const before = await reports();
      await waitFor(async () => (await reports()) >= before + 3, { timeoutMs: 20_000 });
      const { events, status: believed } = await sk.order(service, order);
      expect(believed).toBe('Accepted');
      const remarks = events.filter(({ reason }) => reason?.includes('not known here'));
      expect(remarks).toHaveLength(orderStatus === 'Frozen' ? 1 : 0);
      await sk.broker.show({ kind: 'clear' });
      await service.post(`orders/${order.id}/cancel`, { by: 'mira', reason: 'a test' });
      await sk.becomes(service, order, ({ status }) => status === 'Canceled');
      if (orderStatus !== 'Frozen') return;
      const metrics = await (await service.fetch('../../metrics')).text();
      expect(metrics).toMatch(/tickbridge_broker_report_misread_total\{.*what="status".*\} [1-9]/);
    },
  );

  it('books a fill that is reported after an end that was none', async () => {
    await sk.broker.show({ kind: 'report', orderStatus: 'Cancelled' });
    await sk.broker.show({ kind: 'partial-fills', fraction: 0.5 });
    const order = await sk.place(service, { quantity: 4 });
    await sk.becomes(service, order, ({ status }) => status === 'Canceled');
    await sk.broker.show({ kind: 'clear' });
    const filled = await sk.becomes(service, order, ({ filledQuantity }) => filledQuantity === 4);
    expect(filled.status).toBe('Filled');
  });

  it('reads the rest of a day report with a row that cannot be read, and shows that row', async () => {
    const before = await sk.place(service, { quantity: 2 });
    await sk.becomes(service, before, ({ status }) => status === 'Filled');
    const resting = await sk.place(service, { symbol: 'TCS', type: 'LIMIT', limitPrice: 2, quantity: 4 });
    await sk.becomes(service, resting, ({ status }) => status === 'Accepted');
    await sk.broker.show({ kind: 'report', unreadableRow: true });
    const order = await sk.place(service, { symbol: 'ITC', quantity: 3 });
    // Nothing is concluded of the order whose row it is; everything else goes on.
    await sk.becomes(service, order, ({ events }) => {
      return events.some(({ reason }) => reason?.includes('cannot be read: execQty'));
    });
    expect((await sk.order(service, order)).status).not.toBe('Rejected');
    const canceled = await service.post(`orders/${resting.id}/cancel`, { by: 'mira', reason: 'a test' });
    expect(canceled).toMatchObject({ status: 'Canceled' });
    expect(JSON.stringify(await service.get('accounts'))).toContain('cannot be read: execQty');
    await sk.broker.show({ kind: 'clear' });
    await sk.becomes(service, order, ({ status }) => status === 'Filled');
  });

  it('names no secret in its log, its metrics or its answers', async () => {
    const metrics = await (await service.fetch('../../metrics')).text();
    const secrets = await secretsOf();
    for (const text of [metrics, service.output, JSON.stringify(await service.get('accounts'))]) {
      for (const secret of secrets) expect(text).not.toContain(secret);
    }
    expect(metrics).toContain('tickbridge_broker_calls_total');
  });

  /** The app's secret key, and what the database knows of tokens; the token in clear is in nothing we can read. */
  async function secretsOf(): Promise<string[]> {
    const rows = await sk.floor.rows<{ ciphertext: string }>('select ciphertext from trading.broker_tokens');
    return ['0123456789abcdef0123456789abcdef', ...rows.map(({ ciphertext }) => ciphertext)];
  }
});
