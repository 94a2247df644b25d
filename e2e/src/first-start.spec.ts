import { execFileSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type {
  FeedStatus,
  MarketDataAnswer,
  Order,
  PipelineTrace,
  Readiness,
  Signal,
} from '@tickbridge/contracts';
import { waitFor } from '@tickbridge/shared-cache/testing';
import type { Browser } from 'playwright-core';
import { openBrowser, openPage, screenshot, signIn } from './browser';
import { Platform, type ServiceName } from './platform';

describe('npm start on a machine without settings', () => {
  let platform: Platform;
  let browser: Browser;

  beforeAll(async () => {
    platform = await Platform.start();
    browser = await openBrowser();
  });

  afterAll(async () => {
    await browser?.close();
    await platform?.dispose();
  });

  it('says where everything is, and that prices are simulated', () => {
    expect(platform.output).toContain(platform.url('dashboard'));
    expect(platform.output).toMatch(/Login\s+admin \/ \S{12,}/);
    expect(platform.output).toMatch(/SIMULATED/);
    expect(platform.output).toMatch(/Redis\s+\S+/);
    expect(platform.output).toMatch(/PostgreSQL\s+embedded/);
  });

  it.each<ServiceName>(['market-data', 'orchestrator', 'risk-manager', 'dashboard', 'feed-simulator'])(
    '%s answers health, metrics and its API page',
    async (service) => {
      expect((await platform.get<{ status: string }>(service, '/health/live')).body.status).toBe('up');
      const ready = await platform.get<Readiness>(service, '/health/ready');
      expect(ready).toMatchObject({ status: 200, body: { status: 'up' } });
      const metrics = await platform.get<string>(service, '/metrics');
      expect(metrics.body).toMatch(/^process_cpu_seconds_total \d/m);
      expect((await platform.get<string>(service, '/docs')).status).toBe(200);
      const docs = await platform.get<{ paths: object }>(service, '/docs-json');
      expect(Object.keys(docs.body.paths).length).toBeGreaterThan(3);
    },
  );

  it('brings a signal and a paper order within a minute', async () => {
    const signals = await waitFor(
      async () => {
        const answer = await platform.get<Signal[]>('orchestrator', '/api/v1/signals/recent?count=5');
        return answer.body.length > 0 && answer.body;
      },
      { timeoutMs: 60_000, everyMs: 250 },
    );
    expect(signals[0]).toMatchObject({
      action: expect.stringMatching(/BUY|SELL|EXIT/),
      strategy: expect.any(String),
    });
    const filled = await waitFor(
      async () => (await platform.get<Order[]>('orchestrator', '/api/v1/orders?status=Filled')).body[0],
      { timeoutMs: 60_000, everyMs: 250 },
    );
    expect(filled.filledQuantity).toBe(filled.quantity);
    expect(filled.averagePrice).toBeGreaterThan(0);
    const one = await platform.get<Order & { events: { to: string }[] }>(
      'orchestrator',
      `/api/v1/orders/${filled.id}`,
    );
    expect(one.body.events.map(({ to }) => to)).toEqual(
      expect.arrayContaining(['Initialized', 'Submitted', 'Filled']),
    );
  });

  it('answers every market endpoint with live content', async () => {
    const market = await platform.get<MarketDataAnswer>('market-data', '/api/v1/market-data');
    expect(market.body).toMatchObject({ success: true, source: 'in-process', symbolCount: 175 });
    expect(market.body.ageMs).toBeLessThan(5_000);
    const tick = await platform.get<{ lastPrice: number }>('market-data', '/api/v1/market-data/RELIANCE');
    expect(tick.body.lastPrice).toBeGreaterThan(0);
    const candles = await platform.get<{ candles: unknown[] }>(
      'market-data',
      '/api/v1/market-data/RELIANCE/candles?interval=5s&limit=3',
    );
    expect(candles.status).toBe(200);
    const status = await platform.get<FeedStatus>('market-data', '/api/v1/feed/status');
    expect(status.body).toMatchObject({
      feed: 'simulator',
      simulated: true,
      connected: true,
      dataFlowing: true,
    });
    expect((await platform.get('market-data', '/api/v1/truedata/status')).status).toBe(200);
    expect((await platform.get('market-data', '/api/v1/market-data/NOSUCH')).status).toBe(404);
  });

  it.each([
    ['orchestrator', '/api/v1/signals/stats'],
    ['orchestrator', '/api/v1/positions'],
    ['orchestrator', '/api/v1/portfolio'],
    ['orchestrator', '/api/v1/strategies'],
    ['orchestrator', '/api/v1/trading/state'],
    ['orchestrator', '/api/v1/accounts'],
    ['orchestrator', '/api/v1/accounts/PAPER_TRADER_001/token'],
    ['risk-manager', '/api/v1/risk/limits'],
    ['dashboard', '/api/v1/market-data'],
    ['dashboard', '/api/v1/market/overview'],
    ['dashboard', '/api/v1/market/tickers'],
    ['dashboard', '/api/v1/market/movers'],
    ['dashboard', '/api/v1/market/breadth'],
    ['dashboard', '/api/v1/market/regime'],
    ['dashboard', '/api/v1/dashboard/summary'],
    ['dashboard', '/api/v1/dashboard/mobile'],
    ['dashboard', '/api/v1/dashboard/unified'],
    ['dashboard', '/api/v1/cache/stats'],
    ['dashboard', '/api/v1/system/status'],
    ['dashboard', '/api/v1/signals/recent'],
    ['dashboard', '/api/v1/orders'],
    ['dashboard', '/api/v1/positions'],
    ['dashboard', '/api/v1/portfolio'],
  ] as [ServiceName, string][])('%s answers %s', async (service, path) => {
    const answer = await platform.get<unknown>(service, path);
    expect(answer.status).toBe(200);
    expect(JSON.stringify(answer.body).length).toBeGreaterThan(2);
  });

  it('traces the pipeline from feed to fill without a blockage', async () => {
    const trace = await waitFor(
      async () => {
        const { body } = await platform.get<PipelineTrace>('orchestrator', '/api/v1/pipeline/trace');
        return body.blockedAt === null && body;
      },
      { timeoutMs: 30_000, everyMs: 250 },
    );
    expect(trace.stages.map(({ stage }) => stage)).toEqual([
      'feed',
      'publish',
      'replica',
      'bars',
      'strategy',
      'signal',
      'risk',
      'order',
      'fill',
    ]);
    for (const { passed } of trace.stages) expect(passed).toBeGreaterThan(0);
  });

  it('shows nothing to somebody who is not signed in', async () => {
    for (const path of ['/api/v1/orders', '/api/v1/market-data', '/docs-json', '/metrics']) {
      const response = await fetch(platform.url('dashboard', path));
      expect(response.status).toBe(401);
      expect(response.headers.get('content-type')).toContain('application/problem+json');
    }
  });

  it('lets nobody send the sign-in page before its script is there, which would put the password into the address', async () => {
    const page = await openPage(browser);
    await page.route('**/assets/sign-in-*.js', (route) => route.abort());
    await page.goto(platform.url('dashboard', '/sign-in'));
    await page.getByLabel(/user/i).fill('admin');
    await page.getByLabel(/password/i).fill(platform.password);
    expect(await page.getByRole('button', { name: /sign in/i }).isDisabled()).toBe(true);
    await page.getByLabel(/password/i).press('Enter');
    expect(page.url()).toBe(platform.url('dashboard', '/sign-in'));
    await page.close();
  });

  it('shows a signed-in person moving numbers, on a desk and on a phone', async () => {
    const page = await openPage(browser, { width: 1600, height: 1000 });
    const failures: string[] = [];
    page.on('pageerror', (error) => failures.push(error.message));
    await page.goto(platform.url('dashboard', '/'));
    await screenshot(page, 'sign-in');
    await signIn(page, platform, platform.password);
    await page
      .getByText(/simulated/i)
      .first()
      .waitFor();
    const prices = () => page.locator('body').innerText();
    await page.getByText('RELIANCE').first().waitFor();
    const before = await prices();
    await waitFor(async () => (await prices()) !== before, { timeoutMs: 10_000, everyMs: 200 });
    await screenshot(page, 'dashboard');
    await page.setViewportSize({ width: 390, height: 844 });
    await screenshot(page, 'dashboard-phone');
    expect(failures).toEqual([]);
    await page.close();
  });

  it('keeps the passwords out of logs, answers and metrics', async () => {
    const services: ServiceName[] = ['market-data', 'orchestrator', 'risk-manager', 'dashboard'];
    const key = await platform.internalKey();
    for (const service of services) {
      const log = await platform.log(service);
      const metrics = (await platform.get<string>(service, '/metrics')).body;
      for (const secret of [key, platform.password]) {
        expect(log).not.toContain(secret);
        expect(metrics).not.toContain(secret);
      }
    }
  });

  it('starts its own PostgreSQL again when it is killed, and orders go on', async () => {
    const file = await readFile(join(platform.dataDir, 'postgres/postmaster.pid'), 'utf8');
    process.kill(Number(file.split('\n')[0]), 'SIGKILL');
    await waitFor(() => platform.output.includes('PostgreSQL ended (SIGKILL), starting it again'));
    const isUp = async (service: ServiceName) =>
      (await platform.get<Readiness>(service, '/health/ready')).body.dependencies['postgresql']?.status ===
      'up';
    await waitFor(
      async () => (await isUp('orchestrator')) && (await isUp('risk-manager')) && (await isUp('dashboard')),
      {
        timeoutMs: 30_000,
        everyMs: 200,
      },
    );
    const orders = async () =>
      (await platform.get<Order[]>('orchestrator', '/api/v1/orders?status=Filled')).body;
    const known = new Set((await orders()).map(({ id }) => id));
    await waitFor(async () => (await orders()).some(({ id }) => !known.has(id)), {
      timeoutMs: 90_000,
      everyMs: 250,
    });
  });

  it('refuses a second start on the same data folder', async () => {
    const second = await Platform.prepare({ DATA_DIR: platform.dataDir });
    second.launch();
    expect(await second.ended()).toBe(1);
    expect(second.output).toMatch(/already runs/);
    await second.dispose();
  });

  it('stops everything it started with one Ctrl-C, and starts again with what it had', async () => {
    const before = (await platform.get<Order[]>('orchestrator', '/api/v1/orders?status=Filled')).body;
    const { password } = platform;
    await platform.stop();
    expect(platform.exitCode).toBe(0);
    const left = execFileSync('ps', ['-eo', 'args'], { encoding: 'utf8' })
      .split('\n')
      .filter((line) => line.includes(platform.dataDir));
    expect(left).toEqual([]);

    await platform.start();
    expect(platform.output).toMatch(/Login\s+admin, with the password shown at the first start/);
    const after = (await platform.get<Order[]>('orchestrator', '/api/v1/orders?status=Filled')).body;
    expect(after.map(({ id }) => id)).toEqual(expect.arrayContaining(before.map(({ id }) => id)));
    const login = await fetch(platform.url('dashboard', '/api/v1/auth/login'), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ username: 'admin', password }),
    });
    expect(login.ok).toBe(true);
  });
});
