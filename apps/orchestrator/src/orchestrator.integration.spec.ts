import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Logger } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import {
  type Account,
  ENDPOINT_NAMES,
  endpoints,
  isServedBy,
  type Order,
  type OrderWithEvents,
  type PipelineStage,
  type PipelineStageName,
  type PipelineTrace,
  type Portfolio,
  type Position,
  type Signal,
} from '@tickbridge/contracts';
import {
  brokerTokens,
  createTestDatabase,
  Database,
  orders,
  signals,
  type TestDatabase,
  tradingStateChanges,
} from '@tickbridge/database';
import { createApp, serviceKeyOf } from '@tickbridge/service-bootstrap';
import { PrivateRedis, waitFor } from '@tickbridge/shared-cache/testing';
import { registeredRoutes } from '@tickbridge/service-bootstrap/testing';
import request from 'supertest';
import { readConfig } from './app.config';
import { orchestrator } from './orchestrator.definition';
import { breakout, fallThroughStop } from './testing/breakout';
import { FeedProcess } from './testing/feed-process';
import { listInstruments, madeUpInstruments } from './testing/listed-instruments';
import { ON_EVERY_BAR } from './testing/on-every-bar';
import { RiskStub } from './testing/risk-stub';

const KEY = 'a-key-for-tests-only';
const ACCOUNT = 'PAPER_TRADER_001';

jest.setTimeout(20_000);

describe('the orchestrator', () => {
  const directory = mkdtempSync(join(tmpdir(), 'orchestrator-'));
  const risk = new RiskStub();
  let test: TestDatabase;
  let redis: PrivateRedis;
  let feed: FeedProcess;
  let riskUrl: string;
  let app: NestFastifyApplication;

  const start = async (environment: Record<string, string> = {}) => {
    const config = readConfig({
      DATABASE_URL: test.url,
      DATA_DIR: directory,
      INTERNAL_API_KEY: KEY,
      FEED: 'replay',
      ...ON_EVERY_BAR,
      ORCHESTRATOR_PORT: '0',
      MARKET_DATA_HTTP_URL: 'http://127.0.0.1:9',
      RISK_MANAGER_HTTP_URL: riskUrl,
      ...environment,
    });
    const started = await createApp(orchestrator, config, false);
    await started.getHttpAdapter().getInstance().ready();
    return started;
  };
  const get = async <T>(path: string, target = app) =>
    (await request(target.getHttpServer()).get(`/api/v1/${path}`)).body as T;
  const write = (method: 'post' | 'put' | 'patch' | 'delete', path: string, body?: object) =>
    request(app.getHttpServer())
      [method](`/api/v1/${path}`)
      .set('authorization', `Bearer ${serviceKeyOf(KEY)}`)
      .send(body);
  const stage = async (name: PipelineStageName) => {
    const { stages } = await get<PipelineTrace>('pipeline/trace');
    return stages.find((one) => one.stage === name) as PipelineStage;
  };
  const ordersOf = (symbol: string) => get<Order[]>(`orders?symbol=${symbol}`);
  const oneOrder = (symbol: string, status: string) =>
    waitFor(async () => (await ordersOf(symbol)).find((order) => order.status === status));
  const command = { by: 'mira', reason: 'a test' };

  beforeAll(async () => {
    Logger.overrideLogger(false);
    const program = process.env['TEST_REDIS_PROGRAM'];
    if (!program) throw new Error('TEST_REDIS_PROGRAM is not set: run the tests with `npm test`');
    test = await createTestDatabase(process.env['TEST_DATABASE_URL']);
    redis = await PrivateRedis.start(program);
    riskUrl = await risk.start();
    feed = await FeedProcess.start('replay', redis.options, KEY);
    app = await start({ REDIS_URL: redis.url });
    await app.get(Database).whenReady();
    const coins = ['AAA', 'BBB', 'CCC', 'DDD', 'EEE', 'FFF', 'GGG'];
    await listInstruments(app.get(Database), madeUpInstruments('replay', coins));
    // Bars that went out before the reader knew the feed would need the HTTP bridge, which this test has not.
    await waitFor(async () => (await stage('replica')).passed > 0);
  }, 30_000);
  afterAll(async () => {
    await app.close();
    await feed.stop();
    await Promise.all([redis.stop(), risk.stop(), test.drop()]);
    rmSync(directory, { recursive: true });
  });

  it('answers every endpoint of the table that is its own, and nothing else', () => {
    const own = ENDPOINT_NAMES.filter((name) => isServedBy(endpoints[name], 'orchestrator'));
    expect(registeredRoutes(app)).toEqual([...own].sort());
  });

  it('gives a new installation a paper account and starts ACTIVE', async () => {
    // It is opened once the loop has begun, and traded once its lease is held.
    const accounts = await waitFor(async () => {
      const all = await get<Account[]>('accounts');
      return all[0]?.trading.state === 'trading' && all;
    });
    expect(accounts).toEqual([
      {
        id: ACCOUNT,
        broker: 'paper',
        enabled: true,
        armed: false,
        feed: 'replay',
        currency: 'USDT',
        capital: '100000',
        chargePlan: 'binance/vip0',
        strategies: null,
        netting: false,
        trading: { state: 'trading', reason: null, holder: expect.any(String), alarms: [] },
      },
    ]);
    expect(await get('trading/state')).toMatchObject({
      mode: 'ACTIVE',
      running: true,
      changedBy: 'platform',
    });
  });

  it('turns bars into one signal, one order, one fill and one position, each step an event', async () => {
    feed.publish(breakout('AAA'));
    const { id } = await oneOrder('AAA', 'Filled');
    const order = await get<OrderWithEvents>(`orders/${id}`);
    expect(order).toMatchObject({
      accountId: ACCOUNT,
      side: 'BUY',
      type: 'MARKET',
      strategy: 'momentum-breakout',
      filledQuantity: order.quantity,
      createdAt: '2024-08-08T10:00:30.000Z',
    });
    expect(order.events.map(({ from, to }) => [from, to])).toEqual([
      [null, 'Initialized'],
      ['Initialized', 'Submitted'],
      ['Submitted', 'Accepted'],
      ['Accepted', 'Filled'],
    ]);
    const [signal] = await get<Signal[]>('signals/recent?symbol=AAA');
    expect(signal).toMatchObject({ id: order.signalId, action: 'BUY', barTime: '2024-08-08T10:00:30.000Z' });
    expect(await get<Position[]>('positions')).toMatchObject([
      { symbol: 'AAA', quantity: order.quantity, markPrice: 101.5, strategy: 'momentum-breakout' },
    ]);
  });

  it('asks the risk-manager with the recorded market and time', () => {
    expect(risk.questions.find(({ symbol }) => symbol === 'AAA')).toMatchObject({
      asOf: '2024-08-08T10:00:30.000Z',
      barTime: '2024-08-08T10:00:30.000Z',
      market: { source: 'replay', lastPrice: 101.5, bid: 101.45, ask: 101.55, ageMs: 0 },
    });
  });

  it('leaves a position at its stop, and cash explains the loss', async () => {
    feed.publish(fallThroughStop('AAA'));
    const exit = await waitFor(async () => (await ordersOf('AAA')).find(({ side }) => side === 'SELL'));
    await waitFor(async () => (await get<Position[]>('positions')).length === 0);
    const portfolio = await get<Portfolio>('portfolio');
    expect(exit).toMatchObject({ strategy: 'momentum-breakout' });
    expect(Number(portfolio.realizedProfit)).toBeLessThan(0);
    expect(portfolio.cash).toBe(portfolio.equity);
    expect(Number(portfolio.cash)).toBeCloseTo(
      100_000 + Number(portfolio.realizedProfit) - Number(portfolio.fees),
      6,
    );
  });

  it('acts on no bar twice: the same bars again only warm up', async () => {
    feed.publish([...breakout('AAA'), ...fallThroughStop('AAA')]);
    await waitFor(async () => (await stage('bars')).stopped['already-acted-on'] === 7);
    expect(await ordersOf('AAA')).toHaveLength(2);
  });

  it('sends nothing the risk-manager denies', async () => {
    risk.answer = 'deny';
    feed.publish(breakout('BBB'));
    const order = await oneOrder('BBB', 'Denied');
    expect(order.rejection).toMatchObject({ code: 'DAILY_LOSS' });
    expect(order.filledQuantity).toBe(0);
  });

  it('sends nothing while the risk-manager is unreachable, says why, and goes on when it is back', async () => {
    risk.answer = 'silent';
    feed.publish(breakout('CCC'));
    const order = await oneOrder('CCC', 'Denied');
    expect(order.rejection).toMatchObject({ code: 'RISK_UNREACHABLE' });
    const { blockedAt, diagnosis } = await get<PipelineTrace>('pipeline/trace');
    expect(blockedAt).toBe('risk');
    expect(diagnosis).toContain('RISK_UNREACHABLE');
    risk.answer = 'approve';
    feed.publish(breakout('DDD'));
    await oneOrder('DDD', 'Filled');
  });

  it('goes on by itself after PostgreSQL dropped every connection', async () => {
    await test.cutConnections();
    feed.publish(breakout('EEE'));
    await oneOrder('EEE', 'Filled');
    expect(await ordersOf('EEE')).toHaveLength(1);
  });

  it('stays silent while stopped', async () => {
    await write('post', 'trading/stop', command).expect(200);
    feed.publish(breakout('FFF'));
    await waitFor(async () => (await stage('strategy')).stopped['trading-stopped'] === 6);
    expect(await ordersOf('FFF')).toEqual([]);
    await write('post', 'trading/start', command).expect(200);
  });

  it('flattens: closes everything, halts, and only a reset leads back', async () => {
    expect((await get<Position[]>('positions')).length).toBeGreaterThan(0);
    const { body } = await write('post', 'trading/flatten', command).expect(200);
    expect(body).toMatchObject({ mode: 'HALTED' });
    expect(await get('positions')).toEqual([]);

    feed.publish(breakout('GGG'));
    await waitFor(async () => (await stage('strategy')).stopped['trading-halted'] === 6);
    expect(await ordersOf('GGG')).toEqual([]);

    await write('post', 'trading/reduce', command).expect(409);
    const reset = await write('post', 'trading/reset', command).expect(200);
    expect(reset.body).toMatchObject({ mode: 'ACTIVE', changedBy: 'mira', reason: 'a test' });
    const trail = await app.get(Database).orm.select().from(tradingStateChanges);
    expect(trail.map(({ command: name }) => name)).toEqual([
      'stop',
      'start',
      'flatten',
      'flattened',
      'reset',
    ]);
  });

  it('keeps changed strategy settings and runs on them', async () => {
    const change = { enabled: false, parameters: { lookbackBars: 7 } };
    const { body } = await write('patch', 'strategies/momentum-breakout', change).expect(200);
    expect(body).toMatchObject({ enabled: false, parameters: { lookbackBars: 7, stopAtr: 2 } });
    expect(await get<object[]>('strategies')).toEqual(
      expect.arrayContaining([expect.objectContaining({ id: 'momentum-breakout', enabled: false })]),
    );
  });

  it('keeps a broker token encrypted, shows its state only, and takes it back', async () => {
    const token = 'a-very-secret-broker-token';
    const put = await write('put', `accounts/${ACCOUNT}/token`, { token }).expect(200);
    expect(put.body).toMatchObject({ provider: 'sharekhan', accountId: ACCOUNT });
    expect(JSON.stringify(put.body) + JSON.stringify(await get(`accounts/${ACCOUNT}/token`))).not.toContain(
      token,
    );
    const [row] = await app.get(Database).orm.select().from(brokerTokens);
    expect(JSON.stringify(row)).not.toContain(token);
    // 24:00 in India is 18:30 UTC.
    expect(row?.expiresAt.toISOString()).toMatch(/T18:30:00\.000Z$/);
    const revoked = await write('delete', `accounts/${ACCOUNT}/token`).expect(200);
    expect(revoked.body).toMatchObject({ state: 'none' });
  });

  it.each([
    ['post', 'trading/halt', { reason: 'r' }, 'by'],
    ['post', 'trading/halt', { by: 'b', reason: '' }, 'reason'],
    ['post', 'trading/explode', command, 'command'],
    ['patch', 'strategies/momentum-breakout', {}, ''],
    ['patch', 'strategies/momentum-breakout', { enabled: 'yes' }, 'enabled'],
    [
      'patch',
      'strategies/momentum-breakout',
      { parameters: { lookbackBars: -1 } },
      'parameters.lookbackBars',
    ],
    ['patch', 'strategies/momentum-breakout', { parameters: { luck: 1 } }, 'parameters.luck'],
    ['put', `accounts/${ACCOUNT}/token`, { token: 'x' }, 'token'],
    [
      'put',
      `accounts/${ACCOUNT}/token`,
      { token: 'long enough', expiresAt: '2020-01-01T00:00:00Z' },
      'expiresAt',
    ],
  ] as const)('refuses %s %s %j and names the field "%s"', async (method, path, body, field) => {
    const answer = await write(method, path, body).expect(400);
    expect(answer.headers['content-type']).toContain('application/problem+json');
    const { fields } = answer.body as { fields: { field: string }[] };
    expect(fields.map((one) => one.field)).toContain(field);
  });

  it.each([
    ['orders/not-a-uuid', 400],
    [`orders/${randomUUID()}`, 404],
    ['orders?status=Lost', 400],
    ['signals/recent?count=5000', 400],
    ['portfolio?account=NOBODY', 404],
    ['accounts/NOBODY/token', 404],
  ])('answers GET %s with %d', async (path, status) => {
    await request(app.getHttpServer()).get(`/api/v1/${path}`).expect(status);
  });

  it('lets nobody write without the internal key', async () => {
    await request(app.getHttpServer()).post('/api/v1/trading/halt').send(command).expect(401);
  });

  it('starts without PostgreSQL: ready but degraded, nothing traded, the trace says why', async () => {
    const lonely = await start({ DATABASE_URL: 'postgres://nobody@127.0.0.1:9/nothing' });
    await request(lonely.getHttpServer()).get('/api/v1/orders').expect(503);
    const ready = await request(lonely.getHttpServer()).get('/health/ready').expect(200);
    const { diagnosis } = await get<PipelineTrace>('pipeline/trace', lonely);
    await lonely.close();
    expect(ready.body).toMatchObject({ status: 'degraded' });
    expect(diagnosis).toContain('PostgreSQL');
  });

  describe('restarted on a live feed', () => {
    const now = new Date();
    const store = async (database: Database, expiresAt: number, status: 'Initialized' | 'Submitted') => {
      const common = { symbol: 'TCS', strategy: 'momentum-breakout', barTime: now };
      const signalId = randomUUID();
      const id = randomUUID();
      const createdAt = new Date(expiresAt - 30_000);
      await database.orm.insert(signals).values({
        ...common,
        id: signalId,
        source: 'truedata',
        action: 'BUY',
        strength: 1,
        confidence: 1,
        price: 100,
        reason: 'test',
        components: {},
        createdAt,
        expiresAt: new Date(expiresAt),
      });
      await database.orm.insert(orders).values({
        ...common,
        id,
        clientOrderId: id,
        signalId,
        accountId: 'PAPER_TRADER_002',
        product: 'intraday',
        side: 'BUY',
        type: 'MARKET',
        quantity: 1,
        decisionPrice: 100,
        status,
        createdAt,
        updatedAt: createdAt,
      });
      return id;
    };

    it('brings young orders on, ends old ones, and repeats none', async () => {
      const database = app.get(Database);
      const first = await start({ FEED: 'truedata' });
      await waitFor(async () => (await get<object[]>('accounts')).length === 2);
      await first.close();
      const old = await store(database, Date.now() - 1, 'Initialized');
      const sent = await store(database, Date.now() - 1, 'Submitted');
      const young = await store(database, Date.now() + 30_000, 'Initialized');

      const second = await start({ FEED: 'truedata' });
      const status = async (id: string) => (await get<Order>(`orders/${id}`)).status;
      // The feed has no price in this test, so the paper broker has to refuse.
      await waitFor(async () => (await status(young)) === 'Rejected');
      expect([await status(old), await status(sent)]).toEqual(['Denied', 'Rejected']);
      expect(await ordersOf('TCS')).toHaveLength(3);
      await second.close();
    });
  });
});
