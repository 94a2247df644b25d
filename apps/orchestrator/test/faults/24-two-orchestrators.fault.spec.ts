import { randomUUID } from 'node:crypto';
import type { PipelineTrace, StrategyStatus } from '@tickbridge/contracts';
import { waitFor } from '@tickbridge/shared-cache/testing';
import type { OrchestratorProcess } from '../orchestrator-process';
import { TradingFloor } from '../trading-floor';

interface Lease {
  holder: string;
  fence: string;
}

describe('24: two orchestrators', () => {
  let floor: TradingFloor;
  let first: OrchestratorProcess;
  let second: OrchestratorProcess;

  const lease = async () => (await floor.rows<Lease>('select holder, fence from trading.account_leases'))[0];
  const filled = (symbol: string) =>
    floor.rows<{ id: string }>(`select id from trading.orders where status = 'Filled' and symbol = $1`, [
      symbol,
    ]);
  const trace = async (service: OrchestratorProcess) =>
    (await service.get<PipelineTrace>('pipeline/trace')).diagnosis;
  /** Everything that trading writes, to the row. */
  const state = () =>
    floor.rows(`
      select (select count(*) from trading.signals) as signals, (select count(*) from trading.orders) as orders,
        (select count(*) from trading.order_events) as events, (select count(*) from trading.fills) as fills,
        (select count(*) from trading.signal_outcomes) as outcomes, (select sum(cash) from trading.accounts) as cash`);

  beforeAll(async () => {
    floor = await TradingFloor.open();
    floor.price('RELIANCE', 100);
    first = await floor.start();
    await waitFor(async () => (await lease()) !== undefined);
    second = await floor.start();
  }, 120_000);

  afterAll(() => floor.close());

  it('one trades; the other is ready, waits, and says for whom', async () => {
    await waitFor(async () => (await trace(second)).includes('another orchestrator trades'));
    floor.breakout('RELIANCE');
    await waitFor(async () => (await filled('RELIANCE')).length === 1);
    expect(await floor.differences()).toEqual([]);
    expect((await second.fetch('orders')).status).toBe(200);
  });

  it('an order of a person at the waiting one is carried out, once, by the one that trades', async () => {
    const requestId = '3b1f8a52-6f1c-4a53-9d3c-0d8d6e1f9a02';
    const place = (service: OrchestratorProcess) =>
      service.fetch('orders', {
        method: 'POST',
        body: JSON.stringify({
          requestId,
          accountId: 'PAPER_TRADER_001',
          symbol: 'RELIANCE',
          side: 'BUY',
          type: 'MARKET',
          quantity: 1,
          by: 'mira',
          reason: 'a test',
        }),
      });
    const forwarded = await place(second);
    const order = (await forwarded.json()) as { id: string };
    expect([forwarded.status, order]).toMatchObject([201, { status: 'Filled', strategy: 'manual' }]);
    expect(await (await place(first)).json()).toMatchObject({ id: order.id });
    expect(await floor.differences()).toEqual([]);
  });

  it('a killed one is replaced within ten seconds, and the signal of that moment becomes one order', async () => {
    const before = await lease();
    await first.fetch('strategies/mean-reversion', {
      method: 'PATCH',
      body: JSON.stringify({ parameters: { lookbackBars: 33 } }),
    });
    await first.kill();
    const killedAt = performance.now();
    // The second one sees these bars while nobody trades, and remembers what they mean.
    floor.breakout('TCS');
    await waitFor(async () => (await lease())?.holder !== before?.holder, { timeoutMs: 20_000 });
    const tookMs = performance.now() - killedAt;
    console.info(`taken over after ${Math.round(tookMs)} ms`);
    expect(tookMs).toBeLessThan(10_000);
    // Any bar after the takeover makes it act on what it remembers.
    floor.breakout('INFY');
    const strategies = await second.get<StrategyStatus[]>('strategies');
    expect(strategies.find(({ id }) => id === 'mean-reversion')?.parameters['lookbackBars']).toBe(33);
    await waitFor(async () => (await filled('TCS')).length === 1 && (await filled('INFY')).length === 1, {
      timeoutMs: 20_000,
    });
    expect(await floor.differences()).toEqual([]);
  }, 60_000);

  it('one that slept through its lease writes nothing when it wakes', async () => {
    const sleeper = second;
    const other = await floor.start();
    const before = await lease();
    sleeper.pause();
    // It has these bars in its socket when it wakes.
    floor.breakout('ITC');
    await waitFor(async () => (await lease())?.holder !== before?.holder, { timeoutMs: 20_000 });
    floor.breakout('SBIN');
    await waitFor(async () => (await filled('SBIN')).length === 1, { timeoutMs: 20_000 });
    await waitFor(async () => (await filled('ITC')).length === 1, { timeoutMs: 20_000 });
    await waitFor(
      async () =>
        (await floor.rows('select 1 from trading.signal_outcomes')).length ===
        (await floor.rows(`select 1 from trading.signals where strategy <> 'manual'`)).length,
    );
    const settled = await state();
    sleeper.resume();
    await waitFor(async () => (await trace(sleeper)).includes('another orchestrator trades'), {
      timeoutMs: 20_000,
    });
    expect(await state()).toEqual(settled);
    expect(Number((await lease())?.fence)).toBeGreaterThan(Number(before?.fence));
    expect(await floor.differences()).toEqual([]);
    await sleeper.kill();
    second = other;
  }, 120_000);

  it('told to flatten, the waiting one leaves it to the one that trades, and says done when all is closed', async () => {
    const waiting = await floor.start();
    await waitFor(async () => (await trace(waiting)).includes('another orchestrator trades'));
    const held = () => floor.rows('select symbol from trading.positions where quantity <> 0');
    expect((await held()).length).toBeGreaterThan(0);
    const by = { by: 'mira', reason: 'a test' };
    await waiting.post('trading/flatten', by);
    await waitFor(
      async () => {
        const [state] = await floor.rows<{ mode: string }>('select mode from trading.trading_state');
        return state?.mode === 'HALTED';
      },
      { timeoutMs: 30_000 },
    );
    expect(await held()).toEqual([]);
    await waiting.post('trading/reset', by);
    await waiting.stop();
  }, 90_000);

  it('what a person tells the waiting one counts for the one that trades', async () => {
    const waiting = await floor.start();
    // It listens before it has reached the database.
    await waitFor(async () => {
      const body = JSON.stringify({ enabled: false });
      return (await waiting.fetch('strategies/mean-reversion', { method: 'PATCH', body })).ok;
    });
    await waitFor(async () => {
      const strategies = await second.get<StrategyStatus[]>('strategies');
      return strategies.find(({ id }) => id === 'mean-reversion')?.enabled === false;
    });
    await waiting.stop();
  }, 60_000);

  it('a clean stop hands over at once', async () => {
    const next = (first = await floor.start());
    await waitFor(async () => (await trace(next)).includes('another orchestrator trades'));
    const before = await lease();
    const stoppedAt = performance.now();
    await second.stop();
    await waitFor(async () => (await lease())?.holder !== before?.holder);
    console.info(`handed over after ${Math.round(performance.now() - stoppedAt)} ms`);
    expect(performance.now() - stoppedAt).toBeLessThan(5_000);
  }, 60_000);

  it('an account is traded from the moment it is opened, whichever of them opened it and whichever is asked', async () => {
    const waiting = await floor.start();
    await waitFor(async () => (await trace(waiting)).includes('another orchestrator trades'));
    const person = { by: 'mira', reason: 'a test' };
    const account = { broker: 'paper', feed: 'simulator', capital: '1000000', ...person };
    for (const [id, opener, asked] of [
      ['OPENED_HERE', first, waiting],
      ['OPENED_THERE', waiting, first],
      ['OPENED_AND_ASKED', waiting, waiting],
    ] as const) {
      await opener.post('accounts', { id, ...account });
      floor.price('ITC', 100);
      const order = { accountId: id, symbol: 'ITC', side: 'BUY', type: 'MARKET', quantity: 1, ...person };
      expect(await asked.post('orders', { requestId: randomUUID(), ...order })).toMatchObject({
        status: 'Filled',
        accountId: id,
      });
    }
    // Strategies trade the new accounts too.
    await waitFor(async () => (await floor.differences()).length === 0);
    await waiting.stop();
  }, 60_000);
});
