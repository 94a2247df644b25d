import { randomUUID } from 'node:crypto';
import type { ManualOrder, Order, OrderWithEvents, Position } from '@tickbridge/contracts';
import { waitFor } from '@tickbridge/shared-cache/testing';
import type { OrchestratorProcess } from './orchestrator-process';
import { TradingFloor } from './trading-floor';

const by = { by: 'mira', reason: 'a test' };

describe('orders of a person, at the paper broker', () => {
  let floor: TradingFloor;
  let service: OrchestratorProcess;

  const place = (order: Partial<ManualOrder>) =>
    service.post<Order>('orders', {
      requestId: randomUUID(),
      accountId: 'PAPER_TRADER_001',
      symbol: 'RELIANCE',
      side: 'BUY',
      type: 'MARKET',
      quantity: 10,
      ...by,
      repeat: true,
      ...order,
    });
  const order = (id: string) => service.get<OrderWithEvents>(`orders/${id}`);
  const reaches = (id: string, status: Order['status']) =>
    waitFor(async () => {
      const found = await order(id);
      return found.status === status && found;
    });
  const refusal = async (path: string, method: string, body: object) => {
    const answer = await service.fetch(path, { method, body: JSON.stringify(body) });
    return [answer.status, ((await answer.json()) as { code: string }).code];
  };

  /** What momentum breakout holds of the symbol once it has bought. */
  const bought = async (symbol: string) => {
    floor.breakout(symbol);
    return waitFor(async () => {
      const positions = await service.get<Position[]>('positions');
      return positions.find((one) => one.symbol === symbol && one.quantity > 0)?.quantity;
    });
  };

  beforeAll(async () => {
    floor = await TradingFloor.open();
    floor.price('RELIANCE', 100);
    service = await floor.start();
    await waitFor(async () => {
      const [account] = await service.get<{ trading: { state: string } }[]>('accounts');
      return account?.trading.state === 'trading';
    });
    await waitFor(async () => (await service.fetch('orders?limit=1')).ok);
    await floor.ignoreLosses(service);
  }, 120_000);

  afterAll(() => floor.close());
  beforeEach(() => floor.price('RELIANCE', 100));

  it('are asked about when the same was placed a moment ago, until the person says it is meant', async () => {
    const wish = {
      accountId: 'PAPER_TRADER_001',
      symbol: 'RELIANCE',
      side: 'BUY',
      type: 'LIMIT',
      limitPrice: 61,
      quantity: 3,
      ...by,
    };
    const send = (change: object) => ({ ...wish, requestId: randomUUID(), ...change });
    const requestId = randomUUID();
    const first = await service.post<Order>('orders', { ...wish, requestId });
    expect(await refusal('orders', 'POST', send({}))).toEqual([409, 'IDENTICAL_ORDER']);
    // The same request again is no second order.
    expect((await service.post<Order>('orders', { ...wish, requestId })).id).toBe(first.id);
    // Something else is asked for.
    for (const change of [{ quantity: 4 }, { limitPrice: 62 }, { side: 'SELL', limitPrice: 150 }]) {
      await service.post<Order>('orders', send(change));
    }
    const both = await Promise.all(
      [send({ quantity: 7 }), send({ quantity: 7 })].map((body) =>
        service.fetch('orders', { method: 'POST', body: JSON.stringify(body) }),
      ),
    );
    expect(both.map(({ status }) => status).sort()).toEqual([201, 409]);
    const second = await service.post<Order>('orders', send({ repeat: true }));
    expect(second.id).not.toBe(first.id);
    for (const resting of await service.get<Order[]>('orders?status=Accepted')) {
      await service.post(`orders/${resting.id}/cancel`, by);
    }
  });

  it('fill at the market, once for each request', async () => {
    const requestId = randomUUID();
    const [first, second] = [await place({ requestId }), await place({ requestId })];
    expect(second.id).toBe(first.id);
    const other = {
      requestId,
      accountId: 'PAPER_TRADER_001',
      symbol: 'RELIANCE',
      side: 'BUY',
      type: 'MARKET',
      quantity: 11,
      ...by,
    };
    expect(await refusal('orders', 'POST', other)).toEqual([409, 'REQUEST_ID_REUSED']);
    expect(first).toMatchObject({
      status: 'Filled',
      filledQuantity: 10,
      strategy: 'manual',
      timeInForce: 'DAY',
    });
    const [position] = await service.get<Position[]>('positions');
    expect(position).toMatchObject({ symbol: 'RELIANCE', strategy: 'manual', quantity: 10 });
  });

  it('rest at their limit, over a restart, until the market comes', async () => {
    const { id } = await place({ type: 'LIMIT', limitPrice: 98, quantity: 5 });
    expect((await order(id)).status).toBe('Accepted');
    await service.kill();
    service = await floor.start();
    await waitFor(async () => (await service.fetch('orders?limit=1')).ok);
    expect((await order(id)).status).toBe('Accepted');
    floor.price('RELIANCE', 97.5);
    expect(await reaches(id, 'Filled')).toMatchObject({ filledQuantity: 5 });
    expect(await floor.differences()).toEqual([]);
  }, 60_000);

  it('wake at their trigger: a stop as a market order, a stop-limit as a limit order', async () => {
    const stop = await place({ type: 'STOP', triggerPrice: 103, quantity: 1 });
    const stopLimit = await place({ type: 'STOP_LIMIT', triggerPrice: 103, limitPrice: 103.2, quantity: 1 });
    expect([stop.status, stopLimit.status]).toEqual(['Accepted', 'Accepted']);
    floor.price('RELIANCE', 103.5);
    await reaches(stop.id, 'Filled');
    await reaches(stopLimit.id, 'Triggered');
    floor.price('RELIANCE', 101);
    await reaches(stopLimit.id, 'Filled');
  });

  it('ask about a stop whose trigger is reached, and place it as what it would be at once', async () => {
    const requestId = randomUUID();
    const wish = {
      requestId,
      accountId: 'PAPER_TRADER_001',
      symbol: 'RELIANCE',
      side: 'SELL',
      type: 'STOP',
      triggerPrice: 105,
      quantity: 1,
      ...by,
    };
    const count = async () => (await service.get<Order[]>('orders?limit=1000')).length;
    const before = await count();
    expect(await refusal('orders', 'POST', wish)).toEqual([409, 'STOP_MARKETABLE']);
    expect(await count()).toBe(before);
    const meant = await service.post<Order>('orders', { ...wish, marketable: true });
    expect(meant).toMatchObject({ type: 'MARKET', triggerPrice: null, status: 'Filled' });
    // Wherever the price is, the same request is the same order.
    floor.price('RELIANCE', 106);
    expect((await service.post<Order>('orders', { ...wish, marketable: true })).id).toBe(meant.id);
    const waiting = await place({ requestId: randomUUID(), side: 'SELL', type: 'STOP', triggerPrice: 104 });
    expect(waiting).toMatchObject({ type: 'STOP', status: 'Accepted' });
    await service.post(`orders/${waiting.id}/cancel`, by);
  });

  it('are canceled when told to, or at once where they are immediate-or-cancel', async () => {
    const resting = await place({ type: 'LIMIT', limitPrice: 90 });
    const canceled = await service.post<Order>(`orders/${resting.id}/cancel`, by);
    expect(canceled.status).toBe('Canceled');
    expect((await order(resting.id)).events.map(({ to }) => to)).toEqual([
      ...['Initialized', 'Submitted', 'Accepted', 'PendingCancel', 'Canceled'],
    ]);
    const immediate = await place({ type: 'LIMIT', limitPrice: 90, timeInForce: 'IOC' });
    expect(immediate.status).toBe('Canceled');
    expect(await refusal(`orders/${resting.id}/cancel`, 'POST', by)).toEqual([409, 'ORDER_NOT_WORKING']);
  });

  it('get the size of a quote once, however many they are, and more with the next quote', async () => {
    floor.price('RELIANCE', 99);
    const wish = { type: 'LIMIT', limitPrice: 100, quantity: 60_000, timeInForce: 'IOC' } as const;
    expect(await place(wish)).toMatchObject({ status: 'Filled', filledQuantity: 60_000 });
    expect(await place(wish)).toMatchObject({ status: 'Canceled', filledQuantity: 40_000 });
    expect(await place(wish)).toMatchObject({ status: 'Canceled', filledQuantity: 0 });
    floor.price('RELIANCE', 99.5);
    await waitFor(async () => (await place({ ...wish, quantity: 1 })).status === 'Filled');
    // The strategies of later tests need the money.
    expect(await place({ side: 'SELL', quantity: 100_000 })).toMatchObject({ status: 'Filled' });
  });

  it('bring down the position of a strategy under its name, once for each request', async () => {
    await bought('TCS');
    const requestId = randomUUID();
    const ofStrategy = { symbol: 'TCS', strategy: 'momentum-breakout' };
    const first = await place({ requestId, side: 'SELL', quantity: 1, ...ofStrategy });
    expect(first).toMatchObject({ strategy: 'momentum-breakout', status: 'Filled' });
    const otherwise = {
      requestId,
      accountId: 'PAPER_TRADER_001',
      symbol: 'TCS',
      side: 'SELL',
      type: 'MARKET',
      quantity: 1,
      ...by,
    };
    expect(await refusal('orders', 'POST', otherwise)).toEqual([409, 'REQUEST_ID_REUSED']);
  });

  it('that only reduce close a position once, however many rest for all of it', async () => {
    const held = await bought('INFY');
    const exit = { symbol: 'INFY', strategy: 'momentum-breakout', side: 'SELL', quantity: held } as const;
    const above = { type: 'LIMIT', limitPrice: 104 } as const;
    const exits = [await place({ ...exit, ...above }), await place({ ...exit, ...above })];
    expect(exits.map(({ status, reduceOnly }) => [status, reduceOnly])).toEqual([
      ['Accepted', true],
      ['Accepted', true],
    ]);
    floor.price('INFY', 104.5);
    await waitFor(async () => {
      const ended = await Promise.all(exits.map(({ id }) => order(id)));
      return (
        ended
          .map(({ status }) => status)
          .sort()
          .join() === 'Canceled,Filled'
      );
    });
    const positions = await service.get<Position[]>('positions');
    expect(positions.find(({ symbol }) => symbol === 'INFY')?.quantity ?? 0).toBe(0);
    expect(await floor.differences()).toEqual([]);
    const late = await place({ ...exit, quantity: 1 });
    expect(late).toMatchObject({ status: 'Canceled', filledQuantity: 0 });
  });

  it('take what is offered when they are immediate-or-cancel, and cancel the rest', async () => {
    const part = await place({ type: 'LIMIT', limitPrice: 101, quantity: 150_000, timeInForce: 'IOC' });
    expect(part).toMatchObject({ status: 'Canceled', filledQuantity: 100_000 });
  });

  it('are changed while they rest', async () => {
    const { id } = await place({ type: 'LIMIT', limitPrice: 90 });
    const changed = await service.fetch(`orders/${id}`, {
      method: 'PATCH',
      body: JSON.stringify({ limitPrice: 98.5, quantity: 4, ...by }),
    });
    expect(await changed.json()).toMatchObject({ status: 'Accepted', limitPrice: 98.5, quantity: 4 });
    floor.price('RELIANCE', 98);
    expect(await reaches(id, 'Filled')).toMatchObject({ filledQuantity: 4 });
  });

  it('are changed only into what the risk check lets pass, and say who changed them', async () => {
    const { id } = await place({ type: 'LIMIT', limitPrice: 90 });
    floor.risk.answer = 'deny';
    try {
      const change = { quantity: 5_000, ...by };
      expect(await refusal(`orders/${id}`, 'PATCH', change)).toEqual([409, 'CHANGE_DENIED']);
      expect(await order(id)).toMatchObject({ status: 'Accepted', quantity: 10 });
    } finally {
      floor.risk.answer = 'approve';
    }
    await service.fetch(`orders/${id}`, { method: 'PATCH', body: JSON.stringify({ quantity: 9, ...by }) });
    const { events } = await order(id);
    expect(events.find(({ to }) => to === 'PendingUpdate')?.reason).toBe('mira: a test');
    await service.post(`orders/${id}/cancel`, by);
  });

  it('that would add to a position are canceled when trading is halted', async () => {
    const entry = await place({ type: 'LIMIT', limitPrice: 90 });
    const [position] = await service.get<Position[]>('positions');
    expect(position?.quantity).toBeGreaterThan(0);
    const exit = await place({ side: 'SELL', type: 'LIMIT', limitPrice: 120, quantity: 1 });
    await service.post('trading/halt', by);
    try {
      await reaches(entry.id, 'Canceled');
      expect((await order(exit.id)).status).toBe('Accepted');
    } finally {
      await service.post('trading/reset', by);
    }
  });

  it.each([
    ['nse:reliance', 11],
    ['RELIANCE.NS', 12],
    ['reliance', 13],
  ])('take %s for RELIANCE', async (symbol, quantity) => {
    const placed = await place({ symbol, type: 'LIMIT', limitPrice: 90, quantity });
    expect(placed.symbol).toBe('RELIANCE');
    await service.post(`orders/${placed.id}/cancel`, by);
  });

  it.each<[string, object, string]>([
    ['a limit order without a limit', { type: 'LIMIT' }, 'INVALID_INPUT'],
    ['a market order with a limit', { limitPrice: 100 }, 'INVALID_INPUT'],
    ['a stop without a trigger', { type: 'STOP' }, 'INVALID_INPUT'],
    ['nothing', { quantity: 0 }, 'INVALID_INPUT'],
    ['an account that is not there', { accountId: 'NOBODY' }, 'ACCOUNT_UNKNOWN'],
    ['a symbol without a price', { symbol: 'UNHEARD' }, 'NO_PRICE'],
  ])('are refused: %s', async (_title, wrong, code) => {
    const body = {
      requestId: randomUUID(),
      accountId: 'PAPER_TRADER_001',
      symbol: 'RELIANCE',
      side: 'BUY',
      type: 'MARKET',
      quantity: 10,
      ...by,
      ...wrong,
    };
    expect((await refusal('orders', 'POST', body))[1]).toBe(code);
  });

  it('trade in the bars after them where nobody quotes, a share of the volume at most', async () => {
    floor.stopQuoting('SBIN');
    floor.price('SBIN', 100);
    const buy = await waitFor(async () => {
      const placed = await place({ symbol: 'SBIN', quantity: 60 });
      return placed.status === 'Accepted' && placed;
    });
    const stop = await place({ symbol: 'SBIN', side: 'SELL', type: 'STOP', triggerPrice: 95, quantity: 20 });
    floor.nextBar('SBIN', { open: 101, high: 102, low: 96, close: 100, volume: 500 });
    expect(await reaches(buy.id, 'PartiallyFilled')).toMatchObject({ filledQuantity: 50 });
    expect((await order(stop.id)).status).toBe('Accepted');
    floor.nextBar('SBIN', { open: 90, high: 99, low: 89, close: 98, volume: 500 });
    await reaches(buy.id, 'Filled');
    const stopped = await reaches(stop.id, 'Filled');
    // At the open behind the gap, less half a spread and slippage.
    expect(stopped.averagePrice).toBeGreaterThan(89.9);
    expect(stopped.averagePrice).toBeLessThan(90);
    expect(await floor.differences()).toEqual([]);
  });
});
