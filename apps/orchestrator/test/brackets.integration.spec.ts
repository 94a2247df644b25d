import { randomUUID } from 'node:crypto';
import type { ManualOrder, Order, OrderWithEvents, PipelineTrace, Position } from '@tickbridge/contracts';
import { waitFor } from '@tickbridge/shared-cache/testing';
import type { OrchestratorProcess } from './orchestrator-process';
import { TradingFloor } from './trading-floor';

const by = { by: 'mira', reason: 'a test' };
const ACCOUNT = 'PAPER_TRADER_001';
const OTHER = 'PAPER_TRADER_002';
const BRACKET = { stopLoss: 95, takeProfit: 110 };

describe('brackets of a person, at the paper broker', () => {
  let floor: TradingFloor;
  let service: OrchestratorProcess;

  const wish = (order: Partial<ManualOrder>) => ({
    requestId: randomUUID(),
    accountId: ACCOUNT,
    side: 'BUY',
    type: 'MARKET',
    quantity: 10,
    repeat: true,
    ...by,
    ...order,
  });
  const place = (order: Partial<ManualOrder>) => service.post<Order>('orders', wish(order));
  const order = (id: string) => service.get<OrderWithEvents>(`orders/${id}`);
  const send = async (method: string, path: string, body: object) => {
    const answer = await service.fetch(path, { method, body: JSON.stringify(body) });
    return [answer.status, (await answer.json()) as { code?: string }] as const;
  };
  const refusal = async (method: string, path: string, body: object) => {
    const [status, { code }] = await send(method, path, body);
    return [status, code];
  };
  const position = async (symbol: string, accountId = ACCOUNT) =>
    (await service.get<Position[]>('positions?account=' + accountId)).find((one) => one.symbol === symbol);
  const group = async (symbol: string, accountId = ACCOUNT) =>
    (await service.get<Order[]>(`orders?account=${accountId}&symbol=${symbol}`)).reverse();
  const flat = (symbol: string) => waitFor(async () => (await position(symbol)) === undefined);
  /** Bars that close at a price, one after the other, until something is so. */
  const barsAt = async (symbol: string, close: number, isSo: () => Promise<unknown>) => {
    await waitFor(
      async () => {
        floor.bar(symbol, { high: close, low: close, close });
        return isSo();
      },
      { timeoutMs: 60_000, everyMs: 1_000 },
    );
  };
  const sold = (orders: readonly Order[]) =>
    orders.filter(({ side }) => side === 'SELL').reduce((sum, { filledQuantity }) => sum + filledQuantity, 0);

  beforeAll(async () => {
    floor = await TradingFloor.open();
    for (const symbol of ['RELIANCE', 'TCS', 'SBIN', 'INFY', 'ITC']) floor.price(symbol, 100);
    service = await floor.start();
    // The first account comes with the platform, unless somebody has opened one before.
    await waitFor(async () => (await service.get<unknown[]>('accounts')).length === 1, {
      timeoutMs: 60_000,
    });
    await service.post('accounts', {
      id: OTHER,
      broker: 'paper',
      feed: 'simulator',
      capital: '1000000',
      ...by,
    });
    await waitFor(
      async () => {
        const list = await service.get<{ trading: { state: string } }[]>('accounts');
        return list.length === 2 && list.every(({ trading }) => trading.state === 'trading');
      },
      { timeoutMs: 60_000 },
    );
    await floor.ignoreLosses(service);
  }, 120_000);

  afterEach(async () => expect(await floor.differences()).toEqual([]));
  afterAll(() => floor.close());

  it.each([
    ['the target', 111, 'Target 110'],
    ['the stop', 94, 'Stop 95'],
  ])(
    'close the position at %s, once, on the account that has it',
    async (_title, price, reason) => {
      floor.price('RELIANCE', 100);
      const entry = await place({ symbol: 'RELIANCE', ...BRACKET });
      expect(entry).toMatchObject({ status: 'Filled', groupId: entry.id, ...BRACKET });
      await place({ symbol: 'RELIANCE', accountId: OTHER, stopLoss: 50, takeProfit: 200 });
      expect(await position('RELIANCE')).toMatchObject({ quantity: 10, groupId: entry.id, ...BRACKET });
      await barsAt('RELIANCE', price, async () => (await position('RELIANCE')) === undefined);
      const of = await service.get<Order[]>(`orders?group=${entry.id}`);
      expect(
        of.map(({ side, status, reduceOnly, filledQuantity }) => ({
          side,
          status,
          reduceOnly,
          filledQuantity,
        })),
      ).toEqual([
        { side: 'SELL', status: 'Filled', reduceOnly: true, filledQuantity: 10 },
        { side: 'BUY', status: 'Filled', reduceOnly: false, filledQuantity: 10 },
      ]);
      const [signal] = await floor.rows<{ reason: string; account_id: string }>(
        'select reason, account_id from trading.signals where id = $1',
        [of[0]?.signalId],
      );
      expect(signal).toMatchObject({
        reason: expect.stringContaining(reason) as string,
        account_id: ACCOUNT,
      });
      expect(await position('RELIANCE', OTHER)).toMatchObject({ quantity: 10, stopLoss: 50 });
      floor.price('RELIANCE', 100);
      await place({ symbol: 'RELIANCE', accountId: OTHER, side: 'SELL' });
      expect(await position('RELIANCE', OTHER)).toBeUndefined();
    },
    90_000,
  );

  it('live for what has filled of the entry; their end cancels the rest of it', async () => {
    floor.price('TCS', 102);
    const entry = await place({ symbol: 'TCS', type: 'LIMIT', limitPrice: 100, quantity: 60, ...BRACKET });
    expect(await position('TCS')).toBeUndefined();
    floor.offer('TCS', 1);
    floor.price('TCS', 99);
    await waitFor(async () => (await order(entry.id)).filledQuantity > 0);
    floor.offer('TCS', 0);
    expect(await position('TCS')).toMatchObject({ groupId: entry.id, ...BRACKET });
    await barsAt('TCS', 94, async () => (await position('TCS')) === undefined);
    floor.offer('TCS', 100_000);
    const ended = await order(entry.id);
    expect(ended.status).toBe('Canceled');
    expect(ended.filledQuantity).toBeLessThan(60);
    expect(sold(await group('TCS'))).toBe(ended.filledQuantity);
  }, 90_000);

  it('are held against the market since the entry, not against what the bar did before', async () => {
    floor.price('SBIN', 100);
    const entry = await place({ symbol: 'SBIN', ...BRACKET });
    expect(entry.status).toBe('Filled');
    // It opened before the entry and had been at stop and target then.
    floor.bar('SBIN', { high: 115, low: 90, close: 101 });
    const actedOn = () => floor.rows(`select 1 from trading.bar_checkpoint where symbol = 'SBIN'`);
    await waitFor(async () => (await actedOn()).length === 1);
    expect(await position('SBIN')).toMatchObject({ quantity: 10 });
    await place({ symbol: 'SBIN', side: 'SELL', quantity: 3 });
    expect(await position('SBIN')).toMatchObject({ quantity: 7, ...BRACKET });
    await barsAt('SBIN', 111, async () => (await position('SBIN')) === undefined);
    expect(sold(await group('SBIN'))).toBe(10);
  }, 90_000);

  it('end with an entry that is denied or canceled: nothing is left of them', async () => {
    floor.price('INFY', 100);
    floor.risk.answer = 'deny';
    const denied = await place({ symbol: 'INFY', ...BRACKET });
    floor.risk.answer = 'approve';
    expect(denied.status).toBe('Denied');
    const canceled = await place({ symbol: 'INFY', type: 'LIMIT', limitPrice: 97, ...BRACKET });
    expect(canceled.status).toBe('Accepted');
    await service.post(`orders/${canceled.id}/cancel`, by);
    // Neither stands in the way of the next.
    const next = await place({ symbol: 'INFY', type: 'LIMIT', limitPrice: 97, ...BRACKET });
    expect(next.status).toBe('Accepted');
    await service.post(`orders/${next.id}/cancel`, by);
    expect(await position('INFY')).toBeUndefined();
  });

  it('are changed with the entry, and with the position afterwards: one pair for both', async () => {
    floor.price('INFY', 100);
    const entry = await place({ symbol: 'INFY', type: 'LIMIT', limitPrice: 98, ...BRACKET });
    const path = `orders/${entry.id}`;
    expect(await refusal('PATCH', path, { stopLoss: 98, ...by })).toEqual([409, 'EXIT_PRICE_WRONG_SIDE']);
    expect(await refusal('PATCH', path, { takeProfit: 110.001, ...by })).toEqual([
      409,
      'EXIT_PRICE_OFF_GRID',
    ]);
    // The new limit is beyond the stop.
    expect(await refusal('PATCH', path, { limitPrice: 94, ...by })).toEqual([409, 'EXIT_PRICE_WRONG_SIDE']);
    const [, changed] = await send('PATCH', path, { stopLoss: 90, takeProfit: null, ...by });
    expect(changed).toMatchObject({ stopLoss: 90, takeProfit: null, limitPrice: 98 });
    floor.price('INFY', 97);
    await waitFor(async () => (await order(entry.id)).status === 'Filled');
    expect(await position('INFY')).toMatchObject({ stopLoss: 90, takeProfit: null });
    const exits = (more: object) => ({
      accountId: ACCOUNT,
      symbol: 'INFY',
      stopLoss: null,
      takeProfit: null,
      ...by,
      ...more,
    });
    expect(await refusal('PUT', 'positions/exits', exits({ stopLoss: 97 }))).toEqual([
      409,
      'EXIT_PRICE_WRONG_SIDE',
    ]);
    expect(await refusal('PUT', 'positions/exits', exits({ takeProfit: 97.011 }))).toEqual([
      409,
      'EXIT_PRICE_OFF_GRID',
    ]);
    const [, set] = await send('PUT', 'positions/exits', exits({ stopLoss: 92, takeProfit: 105 }));
    expect(set).toMatchObject({ quantity: 10, stopLoss: 92, takeProfit: 105 });
    expect(await order(entry.id)).toMatchObject({ status: 'Filled', stopLoss: 92, takeProfit: 105 });
    await barsAt('INFY', 106, async () => (await position('INFY')) === undefined);
  }, 90_000);

  it('are given to a position that is open already; nothing may rest beside them', async () => {
    floor.price('ITC', 100);
    const exits = { accountId: ACCOUNT, symbol: 'ITC', ...BRACKET, ...by };
    expect(await refusal('PUT', 'positions/exits', exits)).toEqual([404, 'POSITION_UNKNOWN']);
    await place({ symbol: 'ITC' });
    const resting = await place({ symbol: 'ITC', side: 'SELL', type: 'LIMIT', limitPrice: 120 });
    expect(await refusal('PUT', 'positions/exits', exits)).toEqual([409, 'EXIT_ORDER_WORKING']);
    await service.post(`orders/${resting.id}/cancel`, by);
    expect((await send('PUT', 'positions/exits', exits))[0]).toBe(200);
    const limit = wish({ symbol: 'ITC', side: 'SELL', type: 'LIMIT', limitPrice: 120 });
    expect(await refusal('POST', 'orders', limit)).toEqual([409, 'EXITS_SET']);
    expect(await refusal('POST', 'orders', wish({ symbol: 'ITC', ...BRACKET }))).toEqual([
      409,
      'POSITION_OPEN',
    ]);
    await service.kill();
    service = await floor.start();
    await waitFor(async () => (await service.fetch('orders?limit=1')).ok, { timeoutMs: 60_000 });
    expect(await position('ITC')).toMatchObject({ quantity: 10, ...BRACKET });
    await barsAt('ITC', 94, async () => (await position('ITC')) === undefined);
    expect(sold(await group('ITC'))).toBe(10);
  }, 120_000);

  it('are refused where they cannot be, and answered once for each request', async () => {
    floor.price('RELIANCE', 100);
    const refused = (more: Partial<ManualOrder>) =>
      refusal('POST', 'orders', wish({ symbol: 'RELIANCE', ...more }));
    expect(await refused({ stopLoss: 101 })).toEqual([409, 'EXIT_PRICE_WRONG_SIDE']);
    expect(await refused({ side: 'SELL', takeProfit: 101 })).toEqual([409, 'EXIT_PRICE_WRONG_SIDE']);
    // The market has passed the limit: it fills at 100, below its stop.
    expect(await refused({ type: 'LIMIT', limitPrice: 102, stopLoss: 101 })).toEqual([
      409,
      'EXIT_PRICE_WRONG_SIDE',
    ]);
    expect(await refused({ stopLoss: 95.001 })).toEqual([409, 'EXIT_PRICE_OFF_GRID']);
    expect(await refused({ stopLoss: 95, strategy: 'momentum-breakout' })).toEqual([400, 'INVALID_INPUT']);
    const sell = await place({ symbol: 'RELIANCE', side: 'SELL', type: 'LIMIT', limitPrice: 120 });
    expect(await refused({ type: 'LIMIT', limitPrice: 98, ...BRACKET })).toEqual([409, 'EXIT_ORDER_WORKING']);
    await service.post(`orders/${sell.id}/cancel`, by);
    const request = wish({ symbol: 'RELIANCE', ...BRACKET });
    const first = await service.post<Order>('orders', request);
    expect((await service.post<Order>('orders', request)).id).toBe(first.id);
    expect(await refusal('POST', 'orders', { ...request, stopLoss: 94 })).toEqual([409, 'REQUEST_ID_REUSED']);
    await place({ symbol: 'RELIANCE', side: 'SELL' });
    await flat('RELIANCE');
  });

  it('pass REDUCING; HALTED keeps them waiting; FLATTEN ends position and waiting entry', async () => {
    floor.price('TCS', 100);
    floor.price('SBIN', 100);
    await place({ symbol: 'TCS', ...BRACKET });
    await service.post('trading/halt', by);
    floor.bar('TCS', { high: 94, low: 94, close: 94 });
    await waitFor(async () => {
      const { stages } = await service.get<PipelineTrace>('pipeline/trace');
      return stages.some(({ stopped }) => (stopped['trading-halted'] ?? 0) > 0);
    });
    await service.post('trading/reset', by);
    expect(await position('TCS')).toMatchObject({ quantity: 10 });
    await service.post('trading/reduce', by);
    await barsAt('TCS', 94, async () => (await position('TCS')) === undefined);
    await service.post('trading/reset', by);
    const waiting = await place({ symbol: 'SBIN', type: 'LIMIT', limitPrice: 98, ...BRACKET });
    await place({ symbol: 'INFY', stopLoss: 50 });
    await service.post('trading/flatten', by);
    await waitFor(async () => (await position('INFY')) === undefined, { timeoutMs: 20_000 });
    expect((await order(waiting.id)).status).toBe('Canceled');
  }, 120_000);
});
