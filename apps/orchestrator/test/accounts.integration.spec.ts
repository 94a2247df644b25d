import type { Account, LadderAnswer, TradingState } from '@tickbridge/contracts';
import { waitFor } from '@tickbridge/shared-cache/testing';
import type { OrchestratorProcess } from './orchestrator-process';
import { TradingFloor } from './trading-floor';

const by = { by: 'mira', reason: 'a test' };

describe('several accounts', () => {
  let floor: TradingFloor;
  let service: OrchestratorProcess;

  const account = async (id: string) => {
    const accounts = await service.get<Account[]>('accounts');
    return accounts.find((one) => one.id === id) as Account;
  };
  const send = async (method: string, path: string, body: object) => {
    const answer = await service.fetch(path, { method, body: JSON.stringify(body) });
    return { status: answer.status, body: (await answer.json()) as Account & { code?: string } };
  };
  const outcomes = (symbol: string) =>
    floor.rows<{ account_id: string; outcome: string }>(
      `select o.account_id, o.outcome from trading.signal_outcomes o join trading.signals s on s.id = o.signal_id
       where s.symbol = $1 order by 1`,
      [symbol],
    );

  beforeAll(async () => {
    floor = await TradingFloor.open();
    floor.price('RELIANCE', 100);
    service = await floor.start();
    await waitFor(async () => (await account('PAPER_TRADER_001'))?.trading.state === 'trading');
  }, 120_000);

  afterAll(() => floor.close());

  it('are opened by a person, traded at once, and remembered with name and reason', async () => {
    const opened = { broker: 'paper', feed: 'simulator', capital: '500000', ...by };
    expect((await send('POST', 'accounts', { id: 'MASTER_USER_001', ...opened })).status).toBe(201);
    expect(
      (await send('POST', 'accounts', { id: 'PAPER_TRADER_009', strategies: [], ...opened })).status,
    ).toBe(201);
    await waitFor(async () => (await account('MASTER_USER_001')).trading.state === 'trading');
    expect((await send('POST', 'accounts', { id: 'MASTER_USER_001', ...opened })).body.code).toBe(
      'ACCOUNT_EXISTS',
    );
    expect((await send('POST', 'accounts', { id: 'X1', ...opened, feed: 'binance' })).body.code).toBe(
      'FEED_NOT_RUNNING',
    );
    expect((await send('PATCH', 'accounts/NOBODY', { enabled: false, ...by })).body.code).toBe(
      'ACCOUNT_UNKNOWN',
    );
    expect(
      await floor.rows('select account_id, changed_by, reason from trading.account_changes order by 1'),
    ).toEqual([
      { account_id: 'MASTER_USER_001', changed_by: 'mira', reason: 'a test' },
      { account_id: 'PAPER_TRADER_009', changed_by: 'mira', reason: 'a test' },
    ]);
  });

  it('each decide on a signal by themselves', async () => {
    floor.breakout('RELIANCE');
    await waitFor(async () => (await outcomes('RELIANCE')).length === 3);
    expect(await outcomes('RELIANCE')).toEqual([
      { account_id: 'MASTER_USER_001', outcome: 'ordered' },
      { account_id: 'PAPER_TRADER_001', outcome: 'ordered' },
      { account_id: 'PAPER_TRADER_009', outcome: 'strategy-not-followed' },
    ]);
    const orders = await floor.rows<{ account_id: string; quantity: number }>('select * from trading.orders');
    const quantity = (id: string) => orders.find((order) => order.account_id === id)?.quantity;
    // Half the capital, half the risk.
    expect(quantity('MASTER_USER_001')).toBeLessThanOrEqual(quantity('PAPER_TRADER_001') as number);
    await waitFor(async () => (await floor.differences()).length === 0);
  });

  it('carry out no order that a person gave another account', async () => {
    const order = { symbol: 'INFY', side: 'BUY', type: 'LIMIT', quantity: 1, limitPrice: 50 };
    floor.price('INFY', 60);
    // The price has to arrive first.
    await waitFor(async () => {
      const { status } = await send('POST', 'orders', {
        requestId: '3b1f8a52-6f1c-4a53-9d3c-0d8d6e1f9a09',
        accountId: 'MASTER_USER_001',
        ...order,
        ...by,
      });
      return status === 201;
    });
    // Every account has looked for undecided signals since, and found this one.
    floor.breakout('SBIN');
    await waitFor(async () => (await outcomes('SBIN')).length === 3);
    const looked = Date.now();
    await waitFor(async () => Date.now() - looked > 4_000, { timeoutMs: 10_000 });
    expect(await floor.rows(`select account_id, quantity from trading.orders where symbol = 'INFY'`)).toEqual(
      [{ account_id: 'MASTER_USER_001', quantity: 1 }],
    );
  });

  it('that is disabled is left out, and one whose broker is missing holds up no other', async () => {
    await send('PATCH', 'accounts/MASTER_USER_001', { enabled: false, ...by });
    await send('POST', 'accounts', {
      id: 'MASTER_USER_002',
      broker: 'sharekhan',
      feed: 'simulator',
      capital: '500000',
      ...by,
    });
    floor.breakout('TCS');
    await waitFor(async () =>
      (await outcomes('TCS')).some(({ account_id }) => account_id === 'PAPER_TRADER_001'),
    );
    expect(
      (await outcomes('TCS')).find(({ account_id }) => account_id === 'MASTER_USER_001'),
    ).toBeUndefined();
    expect((await account('MASTER_USER_001')).trading).toMatchObject({
      state: 'blocked',
      reason: 'it is disabled',
    });
    expect((await account('MASTER_USER_002')).trading).toMatchObject({
      state: 'idle',
      reason: 'its broker sharekhan is not set up here',
    });
  });

  it('trip the kill ladder by their figures, latched until a person resets it', async () => {
    const { thresholds } = await service.get<LadderAnswer>('trading/ladder');
    const loss = await waitFor(async () => {
      const { figures } = await service.get<LadderAnswer>('trading/ladder');
      return figures.find(
        ({ accountId, dailyLoss }) => accountId === 'PAPER_TRADER_001' && (dailyLoss ?? 0) > 0,
      );
    });
    // Fees alone are a loss; a threshold below them trips.
    const percent = ((loss.dailyLoss as number) / 50_000) * 100 * 0.5;
    const changed = {
      ...thresholds,
      dailyLossPercentOfLimit: { REDUCING: percent },
      drawdownPercentOfLimit: {},
    };
    expect((await send('PUT', 'trading/ladder', { thresholds: changed, ...by })).status).toBe(200);
    const state = await waitFor(async () => {
      const now = await service.get<TradingState>('trading/state');
      return now.mode === 'REDUCING' && now;
    });
    expect(state).toMatchObject({
      changedBy: 'platform',
      reason: expect.stringContaining('LADDER_DAILY_LOSS'),
    });
    expect((await service.get<LadderAnswer>('trading/ladder')).acted).toEqual(['LADDER_DAILY_LOSS:REDUCING']);

    await send('PUT', 'trading/ladder', { thresholds, ...by });
    await service.kill();
    service = await floor.start();
    const again = await waitFor(async () => (await service.get<TradingState>('trading/state')).mode);
    expect(again).toBe('REDUCING');
    await service.post('trading/reset', by);
    expect((await service.get<TradingState>('trading/state')).mode).toBe('ACTIVE');
    expect((await service.get<LadderAnswer>('trading/ladder')).acted).toEqual([]);
  }, 60_000);

  it('all close when one of them trips FLATTEN', async () => {
    await waitFor(async () => (await account('PAPER_TRADER_001')).trading.state === 'trading');
    const { thresholds } = await service.get<LadderAnswer>('trading/ladder');
    // What it holds it leaves, also of strategies it follows no more.
    await send('PATCH', 'accounts/PAPER_TRADER_001', { strategies: [], ...by });
    const tiny = { ...thresholds, dailyLossPercentOfLimit: { FLATTEN: 0.0001 } };
    await send('PUT', 'trading/ladder', { thresholds: tiny, ...by });
    await waitFor(async () => (await service.get<TradingState>('trading/state')).mode === 'HALTED', {
      timeoutMs: 20_000,
    });
    const held = await floor.rows<{ account_id: string }>(
      'select distinct account_id from trading.positions where quantity <> 0',
    );
    // A disabled account is not traded, not even to close.
    expect(held).toEqual([{ account_id: 'MASTER_USER_001' }]);
  }, 60_000);
});
