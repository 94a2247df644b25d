import { mkdtempSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { dashboardUnifiedSchema, systemStatusSchema } from '@tickbridge/contracts';
import { createTestDatabase, Database, type TestDatabase } from '@tickbridge/database';
import { createApp, serviceKeyOf } from '@tickbridge/service-bootstrap';
import request from 'supertest';
import { dashboard } from './dashboard.definition';
import { ScriptedService } from './testing/services';
import { until } from '@tickbridge/shared-cache/testing';

const KEY = 'a-key-for-the-tests';
const PASSWORD = 'correct horse battery';

/** Addresses differ per test, so that one test's wrong passwords do not lock out another. */
const ORDER = '7f0c2a4e-5a54-4a3b-9b1d-2f1f0c7d9e11';

describe('dashboard', () => {
  const directory = mkdtempSync(join(tmpdir(), 'dashboard-'));
  const orchestrator = new ScriptedService();
  const marketData = new ScriptedService();
  const riskManager = new ScriptedService();
  let database: TestDatabase;
  let app: NestFastifyApplication;
  let address: string;
  const http = () => request(app.getHttpServer());

  async function signIn(password = PASSWORD) {
    const response = await http().post('/api/v1/auth/login').send({ username: 'admin', password });
    return { response, cookie: response.headers['set-cookie']?.[0]?.split(';')[0] ?? '' };
  }

  beforeAll(async () => {
    database = await createTestDatabase(process.env.TEST_DATABASE_URL);
    const config = dashboard.readConfig({
      DATA_DIR: directory,
      DATABASE_URL: database.url,
      INTERNAL_API_KEY: KEY,
      ADMIN_PASSWORD: PASSWORD,
      ORCHESTRATOR_HTTP_URL: await orchestrator.listen(),
      MARKET_DATA_HTTP_URL: await marketData.listen(),
      RISK_MANAGER_HTTP_URL: await riskManager.listen(),
    });
    app = await createApp(dashboard, config, false);
    await app.listen(0, '127.0.0.1');
    address = `127.0.0.1:${((app.getHttpServer() as { address(): unknown }).address() as AddressInfo).port}`;
    await app.get(Database).whenReady();
    let status = 0;
    while (status !== 200) {
      status = (await signIn()).response.status;
    }
  });

  afterEach(() => {
    for (const service of [orchestrator, marketData, riskManager]) {
      service.received.length = 0;
      service.answers.clear();
    }
  });

  afterAll(async () => {
    await app.close();
    await Promise.all([orchestrator.close(), marketData.close(), riskManager.close()]);
    await database.drop();
    rmSync(directory, { recursive: true });
  });

  describe('sign-in', () => {
    it('hands out a session only the browser can use', async () => {
      const { response } = await signIn();
      expect(response.status).toBe(200);
      expect(response.body).toMatchObject({ name: 'admin' });
      const cookie = response.headers['set-cookie']?.[0] ?? '';
      expect(cookie).toMatch(
        /^tickbridge_session=[\w-]{43}; Expires=.+; Path=\/; HttpOnly; SameSite=Strict$/,
      );
      expect(JSON.stringify(response.body)).not.toContain(cookie.split('=')[1]?.split(';')[0]);
    });

    it('refuses a wrong password and an unknown name alike', async () => {
      const wrong = await http()
        .post('/api/v1/auth/login')
        .send({ username: 'admin', password: 'x' })
        .expect(401);
      const unknown = await http()
        .post('/api/v1/auth/login')
        .send({ username: 'nobody', password: 'x' })
        .expect(401);
      expect(wrong.body).toEqual(unknown.body);
      expect(wrong.body).toMatchObject({ code: 'WRONG_CREDENTIALS' });
      await signIn();
    });

    it('stops guessing with 429 and says when to come back', async () => {
      const guess = () => http().post('/api/v1/auth/login').send({ username: 'guessed', password: 'x' });
      for (let attempt = 0; attempt < 5; attempt++) await guess().expect(401);
      const refused = await guess().expect(429);
      expect(refused.body).toMatchObject({ code: 'TOO_MANY_ATTEMPTS' });
      expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
    });

    it.each([
      ['password', { username: 'admin' }],
      ['username', { username: '', password: 'x' }],
      ['role', { username: 'admin', password: 'x', role: 'root' }],
    ])('names the bad field %s', async (field, body) => {
      const response = await http().post('/api/v1/auth/login').send(body).expect(400);
      expect(response.body).toMatchObject({ code: 'INVALID_INPUT', fields: [{ field }] });
    });

    it('refuses a body that is too large, and one that is no JSON', async () => {
      await http()
        .post('/api/v1/auth/login')
        .send({ username: 'a'.repeat(100_000), password: 'x' })
        .expect(413);
      await http()
        .post('/api/v1/auth/login')
        .set('content-type', 'application/json')
        .send('{"user')
        .expect(400);
      await http()
        .post('/api/v1/auth/login')
        .set('content-type', 'application/json')
        .send(`{"username":${'['.repeat(20_000)}${']'.repeat(20_000)},"password":"x"}`)
        .expect(400, /INPUT_TOO_DEEP/);
    });
  });

  describe('access', () => {
    it.each([
      '/api/v1/market/overview',
      '/api/v1/stream',
      '/api/v1/orders',
      '/metrics',
      '/docs',
      '/assets/main-abcdefgh.js',
    ])('keeps %s behind the sign-in', async (path) => {
      const response = await http().get(path).expect(401);
      expect(response.body).toMatchObject({ code: 'SIGN_IN_REQUIRED' });
    });

    it('sends a browser from the page to the sign-in', async () => {
      const response = await http().get('/').expect(303);
      expect(response.headers.location).toBe('/sign-in');
    });

    it.each(['/health/live', '/health/ready'])('answers %s to anybody', async (path) => {
      await http().get(path).expect(200);
    });

    it.each([
      ['made up', `tickbridge_session=${'A'.repeat(43)}`],
      ['of another form', 'tickbridge_session=1'],
      ['empty', 'tickbridge_session='],
      ['two of them', `tickbridge_session=x; tickbridge_session=${'B'.repeat(43)}`],
    ])('refuses a session that is %s', async (_, cookie) => {
      await http().get('/api/v1/auth/me').set('cookie', cookie).expect(401);
    });

    it('takes the internal key from scripts, and no other', async () => {
      await http().get('/api/v1/auth/me').set('authorization', `Bearer ${KEY}`).expect(200);
      await http().get('/api/v1/auth/me').set('authorization', 'Bearer not-the-key').expect(401);
    });

    it.each([
      ['its Sec-Fetch-Site', { 'sec-fetch-site': 'cross-site' }],
      ['a sister site', { 'sec-fetch-site': 'same-site' }],
      ['its Origin', { origin: 'https://evil.example' }],
      ['a sandboxed page', { origin: 'null' }],
    ])('refuses writes from another site, known by %s', async (_, headers) => {
      const { cookie } = await signIn();
      const response = await http()
        .post('/api/v1/trading/halt')
        .set('cookie', cookie)
        .set(headers)
        .send({})
        .expect(403);
      expect(response.body).toMatchObject({ code: 'CROSS_SITE_REQUEST' });
      expect(orchestrator.received).toEqual([]);
    });

    it('lets its own pages write', async () => {
      const { cookie } = await signIn();
      orchestrator.answers.set('POST /api/v1/trading/halt', { body: { mode: 'HALTED' } });
      await http()
        .post('/api/v1/trading/halt')
        .set({ cookie, origin: `http://${address}`, host: address, 'sec-fetch-site': 'same-origin' })
        .send({ reason: 'test' })
        .expect(200);
    });

    it('answers under no name that is not its own', async () => {
      const { cookie } = await signIn();
      const response = await http()
        .get('/api/v1/accounts')
        .set({ cookie, host: 'rebound.example' })
        .expect(421);
      expect(response.body).toMatchObject({ code: 'HOST_NOT_ALLOWED' });
      await http().get('/sign-in').set('host', 'rebound.example').expect(421);
    });

    it('tells browsers what its pages never do, on refusals too', async () => {
      const { headers } = await http().get('/api/v1/orders').expect(401);
      expect(headers['content-security-policy']).toContain("script-src 'self'");
      expect(headers['content-security-policy']).toContain("frame-ancestors 'none'");
      expect(headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'cache-control': 'no-store' });
    });
  });

  describe('sessions', () => {
    it('end with the sign-out, and are never accepted again', async () => {
      const { cookie } = await signIn();
      const signedOut = await http().post('/api/v1/auth/logout').set('cookie', cookie).expect(204);
      expect(signedOut.headers['set-cookie']?.[0]).toContain('Expires=Thu, 01 Jan 1970');
      await http().get('/api/v1/auth/me').set('cookie', cookie).expect(401);
    });

    it('are listed without their ids, and can be ended one by one', async () => {
      const mine = await signIn();
      const other = await signIn();
      const { body } = await http().get('/api/v1/auth/sessions').set('cookie', mine.cookie).expect(200);
      const sessions = body as { id: string; current: boolean }[];
      expect(sessions.filter(({ current }) => current)).toHaveLength(1);
      expect(JSON.stringify(sessions)).not.toContain(other.cookie.split('=')[1]);
      const newest = sessions.find(({ current }) => !current)?.id ?? '';
      await http().delete(`/api/v1/auth/sessions/${newest}`).set('cookie', mine.cookie).expect(204);
      await http().get('/api/v1/auth/me').set('cookie', other.cookie).expect(401);
      await http().get('/api/v1/auth/me').set('cookie', mine.cookie).expect(200);
      await http().delete(`/api/v1/auth/sessions/${newest}`).set('cookie', mine.cookie).expect(404);
    });

    it('survive a restart of the dashboard and an emptied Redis: they are in PostgreSQL', async () => {
      const { cookie } = await signIn();
      const restarted = await createApp(
        dashboard,
        dashboard.readConfig({ DATA_DIR: directory, DATABASE_URL: database.url, INTERNAL_API_KEY: KEY }),
        false,
      );
      await restarted.listen(0, '127.0.0.1');
      await restarted.get(Database).whenReady();
      await request(restarted.getHttpServer()).get('/api/v1/auth/me').set('cookie', cookie).expect(200);
      await restarted.close();
    });

    it('close their live stream when they end', async () => {
      const { cookie } = await signIn();
      const stream = await fetch(`http://${address}/api/v1/stream`, { headers: { cookie } });
      expect(stream.headers.get('content-type')).toContain('text/event-stream');
      expect(stream.headers.get('content-security-policy')).not.toBeNull();
      let ended = false;
      const reading = (async () => {
        for await (const chunk of stream.body ?? []) void chunk;
        ended = true;
      })();
      await http().post('/api/v1/auth/logout').set('cookie', cookie).expect(204);
      await until('the stream has ended', () => ended);
      await reading;
    });
  });

  describe('gateway', () => {
    const asScript = (path: string) => http().get(path).set('authorization', `Bearer ${KEY}`);

    it('passes on what the service answers, with the key of the services added', async () => {
      orchestrator.answers.set('GET /api/v1/orders', { body: [{ id: 1 }] });
      const response = await asScript('/api/v1/orders?status=Filled&symbol=M%26M').expect(200);
      expect(response.body).toEqual([{ id: 1 }]);
      expect(orchestrator.received).toMatchObject([
        { url: '/api/v1/orders?status=Filled&symbol=M%26M', authorization: `Bearer ${serviceKeyOf(KEY)}` },
      ]);
    });

    it('passes on problems as they are', async () => {
      const body = {
        code: 'INVALID_INPUT',
        detail: 'no',
        fields: [{ field: 'reason', message: 'expected text' }],
      };
      orchestrator.answers.set('POST /api/v1/trading/halt', {
        status: 400,
        type: 'application/problem+json',
        body,
      });
      const response = await http()
        .post('/api/v1/trading/halt')
        .set('authorization', `Bearer ${KEY}`)
        .send({})
        .expect(400);
      expect(response.type).toBe('application/problem+json');
      expect(response.body).toEqual(body);
    });

    it('says which service cannot be reached', async () => {
      riskManager.answers.set('GET /api/v1/risk/limits', 'refuse');
      const response = await asScript('/api/v1/risk/limits').expect(503);
      expect(response.body).toMatchObject({
        code: 'SERVICE_UNAVAILABLE',
        detail: 'risk-manager cannot be reached.',
      });
      expect(response.headers['retry-after']).toBe('2');
    });

    it('does not wait for ever', async () => {
      marketData.answers.set('GET /api/v1/feed/status', 'hang');
      const response = await asScript('/api/v1/feed/status').expect(504);
      expect(response.body).toMatchObject({ code: 'SERVICE_TIMEOUT' });
    });

    it.each(['cut', 'garbage'] as const)(
      'does not call a service away whose answer is %s',
      async (answer) => {
        riskManager.answers.set('GET /api/v1/risk/limits', answer);
        const { body } = await asScript('/api/v1/risk/limits').expect(502);
        expect(body).toMatchObject({ code: 'SERVICE_ANSWER_UNREADABLE' });
      },
    );

    it('does not pass on the page of another program on the port', async () => {
      riskManager.answers.set('GET /api/v1/risk/limits', {
        type: 'text/html',
        body: '<html>router login</html>',
      });
      const { body } = await asScript('/api/v1/risk/limits').expect(502);
      expect(body).toMatchObject({ code: 'SERVICE_ANSWER_UNREADABLE' });
    });

    it.each([
      [401, 'INTERNAL_KEY_REQUIRED'],
      [421, 'HOST_NOT_ALLOWED'],
    ])('says that a service refuses the dashboard itself: %s %s', async (status, code) => {
      const type = 'application/problem+json';
      riskManager.answers.set('GET /api/v1/risk/limits', { status, type, body: { status, code } });
      const { body } = await asScript('/api/v1/risk/limits').expect(502);
      expect(body).toMatchObject({ code: 'SERVICE_REFUSED_DASHBOARD' });
      expect((body as { detail: string }).detail).toContain(code);
    });

    it('keeps a trick in the path within its segment', async () => {
      await asScript('/api/v1/market-data/..%2f..%2fmetrics').expect(404);
      expect(marketData.received.map(({ url }) => url)).toEqual(['/api/v1/market-data/..%2F..%2Fmetrics']);
    });

    it('signs a kill-ladder command with the name of the session, whatever the browser says', async () => {
      const { cookie } = await signIn();
      orchestrator.answers.set('POST /api/v1/trading/halt', { body: {} });
      await http()
        .post('/api/v1/trading/halt')
        .set('cookie', cookie)
        .send({ by: 'mallory', reason: 'test' })
        .expect(200);
      expect(orchestrator.received[0]?.body).toEqual({ by: 'admin', reason: 'test' });
    });

    it.each([
      ['post', '/api/v1/orders', 201],
      ['patch', `/api/v1/orders/${ORDER}`, 200],
      ['post', `/api/v1/orders/${ORDER}/cancel`, 200],
    ] as const)('signs %s %s with the name of the session', async (method, path, status) => {
      const { cookie } = await signIn();
      orchestrator.answers.set(`${method.toUpperCase()} ${path}`, { status, body: {} });
      const body = { quantity: 1, by: 'mallory', reason: 'test' };
      await http()[method](path).set('cookie', cookie).send(body).expect(status);
      expect(orchestrator.received[0]?.body).toEqual({ quantity: 1, by: 'admin', reason: 'test' });
    });

    it.each([
      '/api/v1/portfolio/equity?interval=5m',
      '/api/v1/portfolio/strategies',
      '/api/v1/portfolio/days?limit=5',
      '/api/v1/portfolio/check',
    ])('passes on %s', async (path) => {
      orchestrator.answers.set(`GET ${path.split('?')[0] ?? ''}`, { body: { asked: path } });
      expect((await asScript(path).expect(200)).body).toEqual({ asked: path });
      expect(orchestrator.received.map(({ url }) => url)).toEqual([path]);
    });
  });

  describe('gateway of market-data and risk-manager', () => {
    const asScript = { authorization: `Bearer ${KEY}` };

    it('tells the state of a TrueData connection', async () => {
      marketData.answers.set('GET /api/v1/truedata/status', { body: { connected: true } });
      const { body } = await http().get('/api/v1/truedata/status').set(asScript).expect(200);
      expect(body).toEqual({ connected: true });
    });

    it.each(['connect', 'reconnect', 'disconnect'])('passes on truedata/%s', async (act) => {
      marketData.answers.set(`POST /api/v1/truedata/${act}`, { body: { state: act } });
      const { body } = await http().post(`/api/v1/truedata/${act}`).set(asScript).expect(200);
      expect(body).toEqual({ state: act });
    });

    it('passes on a risk check as it is', async () => {
      riskManager.answers.set('POST /api/v1/risk/check', { body: { approved: false } });
      const { body } = await http()
        .post('/api/v1/risk/check')
        .set(asScript)
        .send({ symbol: 'ITC' })
        .expect(200);
      expect(body).toEqual({ approved: false });
      expect(riskManager.received[0]?.body).toEqual({ symbol: 'ITC' });
    });

    it.each([
      ['get', '/api/v1/backtests', 200],
      ['post', '/api/v1/backtests', 202],
      ['get', `/api/v1/backtests/${ORDER}`, 200],
      ['post', `/api/v1/backtests/${ORDER}/cancel`, 200],
      ['post', '/api/v1/position-sizing', 200],
      ['get', '/api/v1/risk/limits/changes', 200],
    ] as const)('passes on %s %s', async (method, path, status) => {
      riskManager.answers.set(`${method.toUpperCase()} ${path}`, { status, body: { path } });
      const { body } = await http()[method](path).set(asScript).expect(status);
      expect(body).toEqual({ path });
    });

    it('adds the name to a change of limits, and only the name to a body that has no fields', async () => {
      const { cookie } = await signIn();
      riskManager.answers.set('PUT /api/v1/risk/limits', { body: {} });
      const put = (text: string) =>
        http()
          .put('/api/v1/risk/limits')
          .set({ cookie, 'content-type': 'application/json' })
          .send(text)
          .expect(200);
      await put('{"reason":"test","by":"mallory"}');
      await put('"abc"');
      await put('[1,2]');
      expect(riskManager.received.map(({ body }) => body)).toEqual([
        { reason: 'test', by: 'admin' },
        { by: 'admin' },
        { by: 'admin' },
      ]);
    });
  });

  it('describes on its API page what passed-on routes take', async () => {
    const { body } = await http().get('/docs-json').set('authorization', `Bearer ${KEY}`).expect(200);
    const { paths } = body as {
      paths: Record<
        string,
        Record<string, { parameters?: { name: string; in: string }[]; requestBody?: unknown }>
      >;
    };
    const named = (path: string, method = 'get') =>
      paths[path]?.[method]?.parameters?.map((parameter) => `${parameter.in} ${parameter.name}`);
    expect(named('/api/v1/orders')).toEqual(
      ['status', 'symbol', 'account', 'group', 'limit'].map((name) => `query ${name}`),
    );
    expect(named('/api/v1/orders/{id}')).toEqual(['path id']);
    expect(named('/api/v1/trading/{command}', 'post')).toEqual(['path command']);
    // Who does it is not the body's to say here: the dashboard knows.
    expect(paths['/api/v1/trading/{command}']?.post?.requestBody).toMatchObject({
      content: { 'application/json': { schema: { required: ['reason'], additionalProperties: false } } },
    });
    expect(JSON.stringify(paths['/api/v1/risk/check']?.post?.requestBody)).toContain('signalId');
    expect(JSON.stringify(paths['/api/v1/risk/limits']?.put?.requestBody)).toContain('maxDailyLoss');
  });

  describe('one call for a whole screen', () => {
    it('answers with what there is and names what is missing', async () => {
      const { body } = await http()
        .get('/api/v1/dashboard/unified')
        .set('authorization', `Bearer ${KEY}`)
        .expect(200);
      const page = dashboardUnifiedSchema.parse(body);
      expect(page.orders).toBeNull();
      expect(page.unavailable).toContain('orders');
      expect(page.overview).toMatchObject({ source: 'none', ageMs: null });
    });

    it.each(['overview', 'tickers', 'movers', 'breadth', 'regime'])(
      'answers %s of a part of the market, and knows no other class or feed',
      async (view) => {
        const ask = (query: string) =>
          http().get(`/api/v1/market/${view}?${query}`).set('authorization', `Bearer ${KEY}`);
        await ask('assetClass=crypto&feed=binance').expect(200);
        await ask('assetClass=house').expect(400);
        await ask('feed=rumour').expect(400);
      },
    );

    it('measures every service instead of assuming', async () => {
      orchestrator.answers.set('GET /health/ready', {
        body: {
          status: 'degraded',
          service: 'orchestrator',
          dependencies: { redis: { status: 'degraded' } },
        },
      });
      const { body } = await http()
        .get('/api/v1/system/status')
        .set('authorization', `Bearer ${KEY}`)
        .expect(200);
      const status = systemStatusSchema.parse(body);
      const states = Object.fromEntries(status.services.map(({ name, status: state }) => [name, state]));
      expect(states).toMatchObject({ orchestrator: 'degraded', 'risk-manager': 'down' });
      expect(status.feed).toBeNull();
      expect(status.redis).toMatchObject({ configured: false, connected: false });
    });
  });

  it('binds its cookie to this very host where it is reached over https', async () => {
    const settings = { DATA_DIR: directory, DATABASE_URL: database.url, INTERNAL_API_KEY: KEY };
    const config = dashboard.readConfig({
      ...settings,
      DASHBOARD_BEHIND_TLS: 'true',
      ALLOWED_HOSTS: 'desk.example',
    });
    const secure = await createApp(dashboard, config, false);
    await secure.listen(0, '127.0.0.1');
    await secure.get(Database).whenReady();
    const server = request(secure.getHttpServer());
    const response = await server
      .post('/api/v1/auth/login')
      .set('host', 'desk.example')
      .send({ username: 'admin', password: PASSWORD })
      .expect(200);
    const cookie = response.headers['set-cookie']?.[0] ?? '';
    expect(cookie).toMatch(
      /^__Host-tickbridge_session=[\w-]{43}; Expires=.+; Path=\/; HttpOnly; SameSite=Strict; Secure$/,
    );
    expect(response.headers['strict-transport-security']).toBeDefined();
    const pair = cookie.split(';')[0] ?? '';
    await server.get('/api/v1/auth/me').set('cookie', pair).expect(200);
    // A sister site can set a cookie of the old name for this one as well.
    await server.get('/api/v1/auth/me').set('cookie', pair.replace('__Host-', '')).expect(401);
    await secure.close();
  });

  it('lets nobody in on a guess while the database is away', async () => {
    const { cookie } = await signIn();
    const restarted = await createApp(
      dashboard,
      dashboard.readConfig({
        DATA_DIR: directory,
        DATABASE_URL: 'postgresql://nobody@127.0.0.1:9/none',
        INTERNAL_API_KEY: KEY,
      }),
      false,
    );
    await restarted.listen(0, '127.0.0.1');
    const server = request(restarted.getHttpServer());
    const refused = await server.get('/api/v1/orders').set('cookie', cookie).expect(503);
    expect(refused.body).toMatchObject({ code: 'SESSIONS_UNAVAILABLE' });
    await server.post('/api/v1/auth/login').send({ username: 'admin', password: PASSWORD }).expect(503);
    const page = await server.get('/').set({ cookie, accept: 'text/html,*/*;q=0.8' }).expect(503);
    expect(page.headers['content-type']).toMatch(/^text\//);
    expect(page.headers['retry-after']).toBe('5');
    expect(page.text).toContain('Signing in is not possible at the moment');
    await server
      .get('/')
      .set({ cookie, accept: 'application/json' })
      .expect(503, /SESSIONS_UNAVAILABLE/);
    await server.get('/health/ready').expect(200);
    await restarted.close();
  });
});
