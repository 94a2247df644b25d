import type {
  BooksCheck,
  EquityCurve,
  Order,
  Portfolio,
  GroupStatistics,
  PortfolioDay,
  RoundTrip,
  StrategyPortfolio,
  StrategyStatus,
} from '@tickbridge/contracts';
import { waitFor } from '@tickbridge/shared-cache/testing';
import type { OrchestratorProcess } from './orchestrator-process';
import { TradingFloor } from './trading-floor';

const STRATEGY = 'momentum-breakout';

describe('exits and portfolio', () => {
  let floor: TradingFloor;
  let service: OrchestratorProcess;

  const change = async (body: object, strategy = STRATEGY) => {
    const answer = await service.fetch(`strategies/${strategy}`, {
      method: 'PATCH',
      body: JSON.stringify(body),
    });
    return { status: answer.status, body: (await answer.json()) as StrategyStatus & { detail?: string } };
  };
  const filled = (symbol: string, side: Order['side']) =>
    waitFor(
      async () => {
        const orders = await service.get<Order[]>(`orders?symbol=${symbol}&status=Filled`);
        return orders.find((order) => order.side === side);
      },
      { timeoutMs: 20_000 },
    );
  const outcomes = (symbol: string) =>
    floor.rows<{ outcome: string }>(
      `select o.outcome from trading.signal_outcomes o join trading.signals s on s.id = o.signal_id
       where s.symbol = $1 and s.strategy = $2 order by s.position`,
      [symbol, STRATEGY],
    );
  const trading = () =>
    waitFor(async () => {
      const [account] = await service.get<{ trading: { state: string } }[]>('accounts');
      return account?.trading.state === 'trading';
    });

  beforeAll(async () => {
    floor = await TradingFloor.open();
    floor.price('RELIANCE', 100);
    service = await floor.start();
    await trading();
    for (const other of ['mean-reversion', 'opening-range']) await change({ enabled: false }, other);
  }, 120_000);

  afterAll(() => floor.close());

  it('refuse exit settings that make no sense, and name the field', async () => {
    expect(await change({ exits: { trailingStop: { kind: 'percent', percent: -1 } } })).toMatchObject({
      status: 400,
      body: { code: 'INVALID_INPUT' },
    });
    expect((await change({ exits: { squareOffAt: '25:00' } })).body.detail).toContain('squareOffAt');
    expect((await change({})).status).toBe(400);
  });

  it('trail a stop over a crash: the best price that was seen counts after the restart', async () => {
    const { body } = await change({
      exits: {
        stopLoss: { kind: 'percent', percent: 50 },
        target: { kind: 'none' },
        trailingStop: { kind: 'percent', percent: 10 },
        maxReentriesPerDay: 0,
      },
      parameters: { cooldownBars: 0 },
    });
    expect(body.exits).toMatchObject({ trailingStop: { kind: 'percent', percent: 10 }, cooldownMinutes: 0 });
    floor.breakout('RELIANCE');
    const entry = await filled('RELIANCE', 'BUY');
    await waitFor(async () => {
      floor.bar('RELIANCE', { high: 120, low: 101, close: 118 });
      const [trail] = await floor.rows<{ best: number }>('select best from trading.exit_trails');
      return trail?.best === 120;
    });
    await service.kill();
    service = await floor.start();
    await trading();
    // Ten percent below 120, far above the entry and its stop.
    await waitFor(async () => {
      floor.bar('RELIANCE', { high: 112, low: 107, close: 108 });
      return (await service.get<Order[]>('orders?symbol=RELIANCE')).some(({ side }) => side === 'SELL');
    });
    const exit = await filled('RELIANCE', 'SELL');
    expect(exit.quantity).toBe(entry.quantity);
    const [signal] = await floor.rows<{ reason: string }>(
      `select reason from trading.signals where action = 'EXIT'`,
    );
    expect(signal?.reason).toContain('Trailing stop 108 of the long position');
  }, 90_000);

  it('enter a symbol no more often than the settings allow, told from the fills after a restart', async () => {
    await waitFor(async () => {
      floor.breakout('RELIANCE');
      return (await outcomes('RELIANCE')).some(({ outcome }) => outcome === 'reentries-used-up');
    });
    expect((await service.get<Order[]>('orders?symbol=RELIANCE&status=Filled')).length).toBe(2);
  }, 40_000);

  it('measure equity, drawdown and every strategy from the fills', async () => {
    const portfolio = await service.get<Portfolio>('portfolio');
    const profit = Number(portfolio.realizedProfit) - Number(portfolio.fees);
    expect(profit).toBeGreaterThan(0);
    expect(Number(portfolio.equity)).toBeCloseTo(1_000_000 + profit, 6);
    expect(Number(portfolio.peakEquity)).toBeGreaterThanOrEqual(Number(portfolio.equity));
    expect(Number(portfolio.dayProfit)).toBeCloseTo(profit, 6);

    const curve = await waitFor(async () => {
      const answer = await service.get<EquityCurve>('portfolio/equity?interval=10s');
      return Number(answer.points.at(-1)?.equity) === Number(portfolio.equity) && answer;
    });
    expect(curve).toMatchObject({ accountId: 'PAPER_TRADER_001', strategy: null, interval: '10s' });
    const own = await service.get<EquityCurve>(`portfolio/equity?interval=10s&strategy=${STRATEGY}`);
    expect(Number(own.points.at(-1)?.equity)).toBeCloseTo(profit, 6);
    const trips = await waitFor(async () => {
      const found = await service.get<RoundTrip[]>('portfolio/round-trips');
      return found.length === 1 && found;
    });
    expect(trips[0]).toMatchObject({ strategy: STRATEGY, symbol: 'RELIANCE', direction: 'long', fills: 2 });
    expect(trips[0]?.charges).toBe(portfolio.fees);
    expect(Number(trips[0]?.netProfit)).toBeCloseTo(profit, 6);
    expect(await service.get<GroupStatistics[]>('portfolio/statistics')).toMatchObject([
      { group: STRATEGY, trades: 1, wins: 1, losses: 0, profitFactor: null },
    ]);
    const [strategy] = await service.get<StrategyPortfolio[]>('portfolio/strategies');
    expect(strategy).toMatchObject({
      strategy: STRATEGY,
      openPositions: 0,
      wins: 1,
      losses: 0,
      unrealizedProfit: '0',
    });
    expect(Number(strategy?.netProfit)).toBeCloseTo(profit, 6);
    const refused = await service.fetch(
      'portfolio/equity?interval=10s&from=2026-01-01T00:00:00Z&to=2026-02-01T00:00:00Z',
    );
    expect(await refused.json()).toMatchObject({ code: 'TOO_MANY_POINTS' });
    expect((await service.fetch('portfolio/equity?account=NOBODY')).status).toBe(404);
  });

  it('end a day with the equity that the next one begins with, after a restart as well', async () => {
    await change({ enabled: false });
    await service.kill();
    await floor.rows(
      `update trading.strategy_settings set suspended_at = now(), suspended_reason = 'it was slow' where strategy = $1`,
      [STRATEGY],
    );
    await floor.rows(`update trading.fills set filled_at = filled_at - interval '1 day'`);
    await floor.rows(`update trading.equity_samples set at = at - interval '1 day'`);
    service = await floor.start();
    const closed = await waitFor(
      async () => (await service.get<PortfolioDay[]>('portfolio/days')).find((day) => day.closed),
      { timeoutMs: 30_000 },
    );
    const { equity } = await service.get<Portfolio>('portfolio');
    expect(closed).toMatchObject({ fills: 2, openingEquity: '1000000', closingEquity: equity });
    const [today] = await service.get<PortfolioDay[]>('portfolio/days');
    expect(today).toMatchObject({ closed: false, fills: 0, openingEquity: equity });
  }, 60_000);

  it('leave a suspended strategy suspended over a restart, until a person resumes it', async () => {
    const status = async () =>
      (await service.get<StrategyStatus[]>('strategies')).find(({ id }) => id === STRATEGY);
    expect((await status())?.suspended).toMatchObject({ reason: 'it was slow' });
    expect((await status())?.exits).toMatchObject({ maxReentriesPerDay: 0 });
    await change({ suspended: false, enabled: false });
    expect((await status())?.suspended).toBeNull();
    const [row] = await floor.rows<{ suspended_at: Date | null }>(
      'select suspended_at from trading.strategy_settings where strategy = $1',
      [STRATEGY],
    );
    expect(row?.suspended_at).toBeNull();
  });

  it('agree with the fold of all fills, and say where they do not', async () => {
    const check = () => service.get<BooksCheck>('portfolio/check');
    expect(await check()).toMatchObject({ agrees: true, fills: 2, days: 1, differences: [] });
    await floor.rows(`update trading.positions set realized = realized + 0.000001`);
    await floor.rows(`update trading.portfolio_days set fees = 0`);
    const { agrees, differences } = await check();
    expect(agrees).toBe(false);
    expect(differences.map(({ what }) => what.replace(/\d{4}-\d\d-\d\d/, 'the day'))).toEqual([
      'fees of the day',
      `realized of ${STRATEGY} in RELIANCE`,
    ]);
  });
});
