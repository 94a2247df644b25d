import { ShareKhanFloor } from './sharekhan-floor';

/** What the broker allows, and what we allow ourselves. */
const THEIRS = 10;
const OURS = 8;
const ORDERS = 25;

describe('more orders at once than the broker takes calls', () => {
  let sk: ShareKhanFloor;

  beforeAll(async () => {
    sk = await ShareKhanFloor.open();
  }, 120_000);

  afterAll(() => sk.close());

  const refusals = (metrics: string) =>
    Number(
      /tickbridge_broker_calls_total\{operation="new",outcome="not-now"\} (\d+)/.exec(metrics)?.[1] ?? 0,
    );

  it('leave at our own pace, without a single 429, and each once', async () => {
    const service = await sk.start({ SHAREKHAN_CALLS_PER_SECOND: String(OURS) });
    await sk.broker.show({ kind: 'limit-calls', perSecond: THEIRS });
    const orders = await Promise.all(
      Array.from({ length: ORDERS }, (_, index) => sk.place(service, { quantity: index + 1 })),
    );
    for (const order of orders) await sk.becomes(service, order, ({ status }) => status === 'Filled');
    expect(await sk.broker.report()).toHaveLength(ORDERS);
    expect(await sk.differences()).toEqual([]);
    expect(refusals(await (await service.fetch('../../metrics')).text())).toBe(0);
    await service.stop();
  }, 60_000);

  it('are held by a broker that throttles more than we knew, and leave once all the same', async () => {
    const service = await sk.start({ SHAREKHAN_CALLS_PER_SECOND: '200' });
    await sk.broker.show({ kind: 'limit-calls', perSecond: 4 });
    const orders = await Promise.all(
      Array.from({ length: 10 }, (_, index) => sk.place(service, { quantity: 100 + index })),
    );
    expect(orders.some(({ heldReason }) => heldReason === 'BROKER_THROTTLED')).toBe(true);
    for (const order of orders) {
      await sk.becomes(service, order, ({ status }) => status === 'Filled', 60_000);
    }
    expect(await sk.broker.report()).toHaveLength(ORDERS + 10);
    expect(await sk.differences()).toEqual([]);
  }, 120_000);
});
