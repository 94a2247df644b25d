import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import type { Problem } from '@tickbridge/contracts';
import { Platform, type ServiceName } from './platform';

describe('bad input to a running platform', () => {
  let platform: Platform;

  beforeAll(async () => {
    // A port nobody listens on: the platform runs in fallback mode, which must refuse just as well.
    platform = await Platform.start({ REDIS_URL: 'redis://127.0.0.1:1' });
  });

  afterAll(async () => {
    await platform?.dispose();
  });

  const refused = async (service: ServiceName, method: string, path: string, body: unknown) => {
    const answer = await platform.call<Problem>(service, method, path, body);
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
    return answer;
  };

  it.each<[ServiceName, string, string, unknown, string]>([
    ['orchestrator', 'PATCH', '/api/v1/strategies/momentum-breakout', { enabled: 'yes' }, 'enabled'],
    ['orchestrator', 'PATCH', '/api/v1/strategies/momentum-breakout', { surprise: 1 }, 'surprise'],
    ['orchestrator', 'POST', '/api/v1/trading/halt', { by: 'me' }, 'reason'],
    ['orchestrator', 'POST', '/api/v1/trading/start', { reason: 'because' }, 'by'],
    ['orchestrator', 'POST', '/api/v1/trading/stop', { by: '', reason: 'x' }, 'by'],
    ['orchestrator', 'POST', '/api/v1/trading/reduce', { by: 5, reason: 'x' }, 'by'],
    ['orchestrator', 'POST', '/api/v1/trading/flatten', {}, 'reason'],
    ['orchestrator', 'POST', '/api/v1/trading/reset', { by: 'me', reason: 'x', force: true }, 'force'],
    ['orchestrator', 'PUT', '/api/v1/accounts/PAPER_TRADER_001/token', {}, 'token'],
    [
      'orchestrator',
      'PUT',
      '/api/v1/accounts/PAPER_TRADER_001/token',
      { token: 'x', expiresAt: 'soon' },
      'expiresAt',
    ],
    ['risk-manager', 'POST', '/api/v1/risk/check', { symbol: 'RELIANCE' }, 'quantity'],
    ['risk-manager', 'POST', '/api/v1/risk/check', { quantity: -1 }, 'quantity'],
    [
      'risk-manager',
      'PUT',
      '/api/v1/risk/limits',
      { by: 'me', reason: 'x', limits: { maxOpenOrders: 0 } },
      'maxOpenOrders',
    ],
    ['dashboard', 'POST', '/api/v1/auth/login', { username: 'admin' }, 'password'],
    ['dashboard', 'POST', '/api/v1/trading/halt', { by: 'me' }, 'reason'],
    ['orchestrator', 'POST', '/api/v1/trading/stop', { by: 'a\u0000b', reason: 'x' }, 'by'],
    ['risk-manager', 'PUT', '/api/v1/risk/limits', { by: 'me', reason: 'x\u0000', limits: {} }, 'reason'],
    ['dashboard', 'POST', '/api/v1/auth/login', { username: 'a\u0000', password: 'x' }, 'username'],
    ['feed-simulator', 'POST', '/api/v1/simulator/faults', { surprise: 1 }, 'kind'],
  ])('%s %s %s with %j is answered with the field %5$s', async (service, method, path, body, field) => {
    const { status, body: problem } = await refused(service, method, path, body);
    expect(status).toBe(400);
    expect(problem.code).toBe('INVALID_INPUT');
    expect(problem.fields?.map((each) => each.field).join(' ')).toContain(field);
  });

  it.each<[string, number, string]>([
    ['{"by":', 400, 'BAD_REQUEST'],
    ['{"__proto__":{"polluted":true}}', 400, 'BAD_REQUEST'],
    [JSON.stringify({ by: 'x'.repeat(100_000), reason: 'x' }), 413, 'PAYLOAD_TOO_LARGE'],
  ])('a body that cannot be read is refused: %.30s', async (body, status, code) => {
    const answer = await refused('orchestrator', 'POST', '/api/v1/trading/halt', body);
    expect(answer).toMatchObject({ status, body: { status, code } });
  });

  it.each<[ServiceName, string]>([
    ['orchestrator', '/api/v1/signals/recent?count=many'],
    ['orchestrator', '/api/v1/orders?status=Lost'],
    ['market-data', '/api/v1/market-data/RELIANCE/candles?interval=7m'],
    ['orchestrator', '/api/v1/orders?symbol=%00'],
    ['orchestrator', '/api/v1/orders/no-uuid'],
  ])('%s %s is refused', async (service, path) => {
    const answer = await refused(service, 'GET', path, undefined);
    expect(answer).toMatchObject({ status: 400, body: { code: 'INVALID_INPUT' } });
  });

  it.each<[ServiceName, string, string]>([
    ['orchestrator', 'POST', '/api/v1/trading/halt'],
    ['orchestrator', 'PUT', '/api/v1/accounts/PAPER_TRADER_001/token'],
    ['risk-manager', 'PUT', '/api/v1/risk/limits'],
    ['market-data', 'POST', '/api/v1/truedata/disconnect'],
    ['dashboard', 'POST', '/api/v1/trading/halt'],
  ])('%s %s %s needs a key', async (service, method, path) => {
    const response = await fetch(platform.url(service, path), { method });
    expect(response.status).toBe(401);
    expect(response.headers.get('content-type')).toContain('application/problem+json');
  });

  it('a path that cannot be decoded is refused with a problem document', async () => {
    const answer = await refused('market-data', 'GET', '/api/v1/market-data/%ff', undefined);
    expect(answer.status).toBe(400);
  });

  it('an order, symbol, strategy or account that does not exist is a 404 with its own code', async () => {
    const missing: [ServiceName, string][] = [
      ['orchestrator', '/api/v1/orders/00000000-0000-4000-8000-000000000000'],
      ['market-data', '/api/v1/market-data/NOSUCH'],
      ['orchestrator', '/api/v1/accounts/NOBODY/token'],
    ];
    for (const [service, path] of missing) {
      const answer = await refused(service, 'GET', path, undefined);
      expect(answer.status).toBe(404);
      expect(answer.body.code).not.toBe('NOT_FOUND');
    }
  });

  it('the platform without Redis says that it is degraded and trades on prices over the bridge', async () => {
    expect(platform.output).toMatch(/degraded/);
    const { body } = await platform.get<{ source: string; ageMs: number }>(
      'dashboard',
      '/api/v1/market-data',
    );
    expect(body.source).toBe('http');
    expect(body.ageMs).toBeLessThan(3_000);
  });
});

describe('a start that cannot succeed', () => {
  let platform: Platform;
  let blocker: Server | undefined;

  afterEach(async () => {
    blocker?.close();
    blocker = undefined;
    await platform.dispose();
  });

  it('names every wrong variable of every service at once, shows no value, and ends', async () => {
    platform = await Platform.prepare({
      REPLAY_SPEED: '-1',
      TOKEN_ENCRYPTION_KEYS: 'short',
      DASHBOARD_PORT: '99999',
      LOG_LEVEL: 'shout',
      REDIS_URL: 'http://user:hunter2@nowhere',
      FEED: 'carrier-pigeon',
    });
    platform.launch();
    expect(await platform.ended()).toBe(78);
    for (const variable of [
      ...['LOG_LEVEL', 'REDIS_URL', 'FEED', 'REPLAY_SPEED', 'TOKEN_ENCRYPTION_KEYS', 'DASHBOARD_PORT'],
    ]) {
      expect(platform.output).toContain(`  ${variable}: `);
    }
    expect(platform.output).not.toContain('hunter2');
  });

  it('names what a feed needs', async () => {
    platform = await Platform.prepare({ FEED: 'truedata', REDIS_URL: 'redis://127.0.0.1:1' });
    platform.launch();
    expect(await platform.ended()).toBe(78);
    expect(platform.output).toMatch(/TRUEDATA_USER/);
    expect(platform.output).toMatch(/TRUEDATA_PASSWORD/);
  });

  it('names two services that were given one port', async () => {
    platform = await Platform.prepare({ ORCHESTRATOR_PORT: '19999', DASHBOARD_PORT: '19999' });
    platform.launch();
    expect(await platform.ended()).toBe(1);
    expect(platform.output).toMatch(/DASHBOARD_PORT and ORCHESTRATOR_PORT are both 19999/);
  });

  it('names the port that is in use and the variable that moves it', async () => {
    platform = await Platform.prepare();
    blocker = createServer().listen(platform.ports.orchestrator, '127.0.0.1');
    await once(blocker, 'listening');
    platform.launch();
    expect(await platform.ended()).toBe(1);
    expect(platform.output).toContain(String(platform.ports.orchestrator));
    expect(platform.output).toContain('ORCHESTRATOR_PORT');
  });
});
