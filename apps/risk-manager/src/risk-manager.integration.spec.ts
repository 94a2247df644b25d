import { randomUUID } from 'node:crypto';
import { Logger } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import {
  ENDPOINT_NAMES,
  endpoints,
  isServedBy,
  type RiskDecision,
  type RiskLimitsHistory,
  SUBJECTS,
} from '@tickbridge/contracts';
import {
  accounts,
  createTestDatabase,
  Database,
  equityPeakResets,
  equityPeaks,
  equitySamples,
  fills,
  orders,
  positions,
  riskLimitChanges,
  signals,
  type TestDatabase,
  tradingState,
} from '@tickbridge/database';
import { createApp, ServiceBus, serviceKeyOf } from '@tickbridge/service-bootstrap';
import { PrivateRedis, waitFor } from '@tickbridge/shared-cache/testing';
import { registeredRoutes } from '@tickbridge/service-bootstrap/testing';
import request from 'supertest';
import { EquityPeakWatch } from './decision/equity-peak.watch';
import { readConfig } from './app.config';
import { riskManager } from './risk-manager.definition';

const KEY = 'a-key-for-tests-only';
const ACCOUNT = 'PAPER_TRADER_001';
const AS_OF = '2024-08-08T23:55:00.000Z';
// As the dashboard calls, which names the person it calls for.
const authorization = `Bearer ${serviceKeyOf(KEY)}`;

const question = (values: object = {}) => ({
  orderId: null,
  signalId: randomUUID(),
  accountId: ACCOUNT,
  strategy: 'momentum-breakout',
  symbol: 'BTCUSDT',
  side: 'BUY',
  type: 'MARKET',
  quantity: 0.05,
  market: { source: 'replay', lastPrice: 61_000, bid: 60_999, ask: 61_001, ageMs: 0 },
  asOf: AS_OF,
  ...values,
});

describe('the risk manager', () => {
  let test: TestDatabase;
  // Of its own: on a shared server another test's risk-manager would answer the same subject.
  let redis: PrivateRedis;
  let app: NestFastifyApplication;
  let database: Database;

  const start = async (environment: Record<string, string>) => {
    const config = readConfig({
      DATABASE_URL: test.url,
      INTERNAL_API_KEY: KEY,
      FEED: 'replay',
      RISK_MANAGER_PORT: '0',
      MARKET_DATA_HTTP_URL: 'http://127.0.0.1:9',
      ...environment,
    });
    const started = await createApp(riskManager, config, false);
    await started.getHttpAdapter().getInstance().ready();
    return started;
  };
  const http = (target: NestFastifyApplication = app) => request(target.getHttpServer());
  const ask = (payload: object, target?: NestFastifyApplication) =>
    http(target).post('/api/v1/risk/check').set({ authorization }).send(payload);
  const decide = async (values: object = {}) => (await ask(question(values))).body as RiskDecision;
  const change = (payload: object) => http().put('/api/v1/risk/limits').set({ authorization }).send(payload);
  const fieldsOf = (answer: request.Response) =>
    (answer.body as { fields: { field: string }[] }).fields.map(({ field }) => field);

  beforeAll(async () => {
    Logger.overrideLogger(false);
    test = await createTestDatabase(process.env['TEST_DATABASE_URL']);
    const program = process.env['TEST_REDIS_PROGRAM'];
    if (!program) throw new Error('TEST_REDIS_PROGRAM is not set: run the tests with `npm test`');
    redis = await PrivateRedis.start(program);
    app = await start({ REDIS_URL: redis.url });
    database = app.get(Database);
    await database.whenReady();
  }, 20_000);
  afterAll(async () => {
    await app.close();
    await Promise.all([redis.stop(), test.drop()]);
  });

  it('answers every endpoint of the table that is its own, and nothing else', () => {
    const own = ENDPOINT_NAMES.filter((name) => isServedBy(endpoints[name], 'risk-manager'));
    expect(registeredRoutes(app)).toEqual([...own].sort());
  });

  it('denies everything while nothing is stored: no account, no trading state', async () => {
    expect(await decide()).toMatchObject({ approved: false, code: 'NO_DATA', rule: 'account-enabled' });
    const state = await http().get('/api/v1/trading/state');
    expect(state.status).toBe(404);
    expect(state.body).toMatchObject({ code: 'NO_TRADING_STATE' });
  });

  describe('with an account', () => {
    beforeAll(async () => {
      await database.orm.insert(accounts).values({
        id: ACCOUNT,
        broker: 'paper',
        feed: 'replay',
        currency: 'USDT',
        capital: '100000',
        cash: '100000',
      });
      await database.orm.insert(tradingState).values({
        mode: 'ACTIVE',
        running: true,
        changedBy: 'test',
        reason: 'start',
        changedAt: new Date(AS_OF),
      });
    });
    beforeEach(async () => {
      await app.get(EquityPeakWatch).settled();
      for (const table of [fills, orders, positions, signals, equityPeaks]) await database.orm.delete(table);
    });

    const storeOrder = async (values: Partial<typeof orders.$inferInsert> = {}) => {
      const signal = values.signalId ?? randomUUID();
      const at = new Date(AS_OF);
      const common = { symbol: 'BTCUSDT', strategy: 'momentum-breakout', barTime: at, createdAt: at };
      await database.orm.insert(signals).values({
        ...common,
        id: signal,
        source: 'replay',
        action: 'BUY',
        strength: 1,
        confidence: 1,
        price: 61_000,
        reason: 'test',
        components: {},
        expiresAt: at,
      });
      const id = randomUUID();
      await database.orm.insert(orders).values({
        ...common,
        id,
        clientOrderId: id,
        signalId: signal,
        accountId: ACCOUNT,
        product: 'spot',
        side: 'BUY',
        type: 'MARKET',
        quantity: 0.05,
        decisionPrice: 61_000,
        status: 'Filled',
        updatedAt: at,
        ...values,
      });
      return id;
    };

    it('approves a sane order', async () => {
      expect(await decide()).toMatchObject({ approved: true, code: 'APPROVED', rule: null, figures: {} });
    });

    it('answers over the bus as over HTTP', async () => {
      const bus = app.get(ServiceBus);
      await expect(bus.request<RiskDecision>(SUBJECTS.riskCheck, question(), 3_000)).resolves.toMatchObject({
        approved: true,
      });
      await expect(
        bus.request<RiskDecision>(SUBJECTS.riskCheck, { nonsense: 1 }, 3_000),
      ).resolves.toMatchObject({
        approved: false,
        code: 'INVALID_INPUT',
      });
    });

    it('finds the other order of the same signal, not the one that asks', async () => {
      const signalId = randomUUID();
      const orderId = await storeOrder({ signalId, status: 'Initialized' });
      expect(await decide({ signalId, orderId, barTime: AS_OF })).toMatchObject({ code: 'APPROVED' });
      expect(await decide({ signalId })).toMatchObject({ code: 'DUPLICATE_SIGNAL', figures: { orderId } });
    });

    it('finds an order of the same strategy, symbol, bar and side', async () => {
      await storeOrder();
      expect(await decide({ barTime: AS_OF })).toMatchObject({ code: 'DUPLICATE_BAR' });
      expect(await decide({ barTime: AS_OF, side: 'SELL' })).toMatchObject({ code: 'APPROVED' });
    });

    it('tells orders of people apart by their requests, not by the millisecond', async () => {
      await storeOrder({ strategy: 'manual' });
      expect(await decide({ strategy: 'manual', barTime: AS_OF })).toMatchObject({ code: 'APPROVED' });
    });

    it('reads positions, open orders and cash itself', async () => {
      const position = {
        accountId: ACCOUNT,
        strategy: 's',
        realized: '0',
        fees: '0',
        updatedAt: new Date(AS_OF),
      };
      await database.orm.insert(positions).values([
        { ...position, symbol: 'BTCUSDT', quantity: '0.315', cost: '19215' },
        { ...position, symbol: 'ETHUSDT', quantity: '1', cost: '2600' },
      ]);
      expect(await decide()).toMatchObject({ code: 'SYMBOL_NOTIONAL', rule: 'symbol-notional' });
      expect(await decide({ quantity: 0.01 })).toMatchObject({ code: 'NO_DATA', rule: 'gross-exposure' });
      expect(await decide({ quantity: 0.01, marks: { ETHUSDT: 2_600 } })).toMatchObject({ code: 'APPROVED' });
    });

    it("counts the day's orders and losses by the clock of the question", async () => {
      await storeOrder();
      const scope = { kind: 'account', key: ACCOUNT };
      const set = (limits: object) => change({ by: 'test', reason: 'one a day', scope, limits });
      await set({ maxOrdersPerDay: 1 });
      expect(await decide()).toMatchObject({ code: 'ORDERS_PER_DAY' });
      expect(await decide({ asOf: '2024-08-09T00:00:01.000Z' })).toMatchObject({ code: 'APPROVED' });

      await set({ maxOrdersPerDay: 1_000 });
      const orderId = await storeOrder();
      await database.orm.insert(fills).values({
        accountId: ACCOUNT,
        tradeId: 't',
        orderId,
        symbol: 'BTCUSDT',
        strategy: 's',
        side: 'SELL',
        quantity: 1,
        price: 56_000,
        fee: '56',
        realized: '-4950',
        filledAt: new Date(AS_OF),
      });
      await database.orm.update(accounts).set({ cash: '94994' });
      expect(await decide()).toMatchObject({
        code: 'DAILY_LOSS',
        figures: { dayLoss: 5006, openingEquity: 100_000, equity: 94_994 },
      });
      await database.orm.update(accounts).set({ cash: '100000' });
    });

    it('lets a person bring a position down while trading is halted, and no strategy', async () => {
      const state = (mode: 'ACTIVE' | 'HALTED') => database.orm.update(tradingState).set({ mode });
      const held = {
        accountId: ACCOUNT,
        strategy: 'momentum-breakout',
        symbol: 'BTCUSDT',
        quantity: '0.05',
        cost: '3050',
        realized: '0',
        fees: '0',
        updatedAt: new Date(AS_OF),
      };
      await database.orm.insert(positions).values(held);
      const exit = { side: 'SELL', marks: { BTCUSDT: 61_000 } };
      await state('HALTED');
      try {
        expect(await decide(exit)).toMatchObject({ code: 'TRADING_HALTED' });
        const asPerson = { ...exit, strategy: 'manual' };
        expect(await decide(asPerson)).toMatchObject({ code: 'APPROVED' });
        expect(await decide({ ...asPerson, quantity: 0.06 })).toMatchObject({ code: 'TRADING_HALTED' });
        // Stop and target of a person's own position are the platform's to carry out.
        await database.orm.insert(positions).values({ ...held, strategy: 'manual' });
        expect(await decide({ ...asPerson, reduceOnly: true })).toMatchObject({ code: 'TRADING_HALTED' });
        // Who asks is what is stored of the signal, whatever the question says.
        const signalId = randomUUID();
        await storeOrder({ signalId });
        expect(await decide({ ...asPerson, signalId })).toMatchObject({ code: 'TRADING_HALTED' });
      } finally {
        await state('ACTIVE');
      }
    });

    it("counts the day's loss from the equity that the day began with", async () => {
      const yesterday = async (equity: string) => {
        await database.orm.delete(equitySamples);
        await database.orm.insert(equitySamples).values({
          accountId: ACCOUNT,
          strategy: '',
          at: new Date('2024-08-07T23:00:00Z'),
          equity,
          peak: equity,
          realized: '0',
          unrealized: '0',
          fees: '0',
          grossExposure: '0',
          netExposure: '0',
        });
      };
      await yesterday('106000');
      expect(await decide()).toMatchObject({ code: 'DAILY_LOSS', figures: { dayLoss: 6_000 } });
      await yesterday('95000');
      expect(await decide()).toMatchObject({ code: 'APPROVED' });
      await database.orm.delete(equitySamples);
    });

    it('knows when the strategy left the symbol, and its losses in a row', async () => {
      const asOf = Date.parse(AS_OF);
      const flat = {
        accountId: ACCOUNT,
        strategy: 'momentum-breakout',
        symbol: 'BTCUSDT',
        quantity: '0',
        cost: '0',
      };
      await database.orm
        .insert(positions)
        .values({ ...flat, realized: '-5', fees: '1', updatedAt: new Date(asOf - 59_000) });
      expect(await decide()).toMatchObject({
        code: 'EXIT_PAUSE',
        figures: { sinceMs: 59_000 },
        limit: { name: 'exitPauseMs', value: 60_000, origin: { kind: 'default' } },
      });
      expect(await decide({ strategy: 'mean-reversion' })).toMatchObject({ code: 'APPROVED' });

      const orderId = await storeOrder();
      /** Ends a round trip, or only a part of the position. */
      const closing = async (number: number, realized: string, tripNet: string | null) =>
        database.orm.insert(fills).values({
          accountId: ACCOUNT,
          tradeId: `t${number}`,
          orderId,
          symbol: 'BTCUSDT',
          side: 'SELL',
          strategy: 'mean-reversion',
          quantity: 0.001,
          price: 61_000,
          fee: '0',
          realized,
          tripNet,
          filledAt: new Date(asOf - 1_000),
        });
      await closing(0, '1', '0.5');
      for (let loss = 1; loss <= 9; loss += 1) await closing(loss, '-1', '-1.5');
      // Parts of one exit are one loss, when the position is flat.
      for (let part = 0; part < 5; part += 1) await closing(100 + part, '-1', null);
      expect(await decide({ strategy: 'mean-reversion' })).toMatchObject({ code: 'APPROVED' });
      // Its prices gained less than its charges.
      await closing(10, '1', '-0.5');
      expect(await decide({ strategy: 'mean-reversion' })).toMatchObject({
        code: 'LOSING_STREAK',
        figures: { losses: 10, sinceMs: 1_000 },
      });
      await closing(11, '2', '1');
      expect(await decide({ strategy: 'mean-reversion' })).toMatchObject({ code: 'APPROVED' });
    });

    it('remembers the highest equity, and lets it fall only by a person', async () => {
      await database.orm.update(accounts).set({ cash: '120000' });
      await decide();
      await waitFor(async () => (await database.orm.select().from(equityPeaks)).length === 1);
      await database.orm.update(accounts).set({ cash: '100000' });
      expect(await decide()).toMatchObject({
        code: 'DRAWDOWN',
        figures: { equity: 100_000, peak: 120_000, maxDrawdownPercent: 10 },
      });
      const reset = (account: string, payload: object) =>
        http().post(`/api/v1/risk/equity-peaks/${account}/reset`).set({ authorization }).send(payload);
      expect((await reset('NOBODY', { by: 'mira', reason: 'r', equity: 1 })).body).toMatchObject({
        code: 'ACCOUNT_UNKNOWN',
      });
      const answer = await reset(ACCOUNT, { by: 'mira', reason: 'start over', equity: 100_000 });
      expect(answer.body).toMatchObject({ accountId: ACCOUNT, peak: '100000' });
      expect(await decide()).toMatchObject({ code: 'APPROVED' });
      expect(await database.orm.select().from(equityPeakResets)).toMatchObject([
        { before: '120000', after: '100000', changedBy: 'mira', reason: 'start over' },
      ]);
    });

    it('lets no order of a real account go without a valid token and a broker that answers', async () => {
      await database.orm.update(accounts).set({ broker: 'sharekhan', armed: true });
      const answers = [];
      for (const broker of [
        undefined,
        { token: 'expired', reachable: true },
        { token: 'valid', reachable: false },
        { token: 'valid', reachable: true },
      ]) {
        answers.push((await decide({ broker })).code);
      }
      await database.orm.update(accounts).set({ broker: 'paper', armed: false });
      expect(answers).toEqual(['NO_DATA', 'TOKEN_INVALID', 'BROKER_UNREACHABLE', 'APPROVED']);
    });

    it('obeys the kill ladder', async () => {
      await database.orm.update(tradingState).set({ mode: 'HALTED' });
      expect(await decide()).toMatchObject({ code: 'TRADING_HALTED' });
      expect((await http().get('/api/v1/trading/state')).body).toMatchObject({ mode: 'HALTED' });
      await database.orm.update(tradingState).set({ mode: 'ACTIVE' });
    });

    it('keeps an audit trail of every change of limits', async () => {
      await database.orm.delete(riskLimitChanges);
      const payload = { by: 'mira', reason: 'calmer', limits: { maxDailyLoss: 1_000 } };
      const answer = await change(payload);
      expect(answer.body).toMatchObject({ currency: 'USDT', limits: { maxDailyLoss: 1_000 } });
      expect(await database.orm.select().from(riskLimitChanges)).toMatchObject([
        {
          scopeKind: 'global',
          before: null,
          after: { maxDailyLoss: 1_000 },
          changedBy: 'mira',
          reason: 'calmer',
        },
      ]);
    });

    it('shows who changed limits, newest first, page by page', async () => {
      await change({ by: 'ravi', reason: 'bolder', limits: { maxDailyLoss: 2_000 } });
      const page = async (query: string) =>
        (await http().get(`/api/v1/risk/limits/changes?${query}`)).body as RiskLimitsHistory;
      const first = await page('limit=1');
      expect(first.changes).toMatchObject([
        { changedBy: 'ravi', before: { maxDailyLoss: 1_000 }, after: { maxDailyLoss: 2_000 } },
      ]);
      const second = await page(`limit=1&before=${first.changes[0]?.position}`);
      expect(second.changes).toMatchObject([{ changedBy: 'mira', before: null, scope: { kind: 'global' } }]);
    });

    it.each([
      ['quantity', question({ quantity: -1 })],
      ['symbol', question({ symbol: '' })],
      [
        'market.lastPrice',
        question({ market: { source: 'replay', lastPrice: 'x', bid: null, ask: null, ageMs: 0 } }),
      ],
      ['surprise', question({ surprise: 1 })],
    ])('names the bad field %s', async (field, payload) => {
      const answer = await ask(payload);
      expect(answer.status).toBe(400);
      expect(answer.headers['content-type']).toContain('application/problem+json');
      expect(fieldsOf(answer)).toContain(field);
    });

    it.each([
      ['by', { reason: 'r', limits: { maxDailyLoss: 1 } }],
      ['limits.maxDailyLoss', { by: 'b', reason: 'r', limits: { maxDailyLoss: 0 } }],
      ['limits.maxFun', { by: 'b', reason: 'r', limits: { maxFun: 1 } }],
      ['limits', { by: 'b', reason: 'r', limits: {} }],
    ])('refuses a change of limits and names %s', async (field, payload) => {
      const answer = await change(payload);
      expect(answer.status).toBe(400);
      expect(fieldsOf(answer)).toContain(field);
    });

    it('lets nobody ask or change without the internal key', async () => {
      expect((await http().post('/api/v1/risk/check').send(question())).status).toBe(401);
    });

    it('denies when PostgreSQL is away, and says the service is degraded', async () => {
      const lonely = await start({ DATABASE_URL: 'postgres://nobody@127.0.0.1:9/nothing' });
      const answer = await ask(question(), lonely);
      const limits = await http(lonely).get('/api/v1/risk/limits');
      const ready = await http(lonely).get('/health/ready');
      await lonely.close();
      expect(answer.body).toMatchObject({ approved: false, code: 'NO_DATA', rule: 'facts' });
      expect(limits.status).toBe(503);
      expect(limits.body).toMatchObject({ code: 'DATABASE_UNAVAILABLE' });
      expect(ready.status).toBe(200);
      expect(ready.body).toMatchObject({ status: 'degraded' });
    });

    it('denies with a live feed when its own replica has no price', async () => {
      await database.orm.update(accounts).set({ feed: 'simulator' });
      const live = await start({ FEED: 'simulator' });
      await live.get(Database).whenReady();
      const market = { source: 'simulator', lastPrice: 100, bid: 99, ask: 101, ageMs: 5 };
      const answer = await ask(question({ market }), live);
      await live.close();
      expect(answer.body).toMatchObject({ approved: false, code: 'UNKNOWN_INSTRUMENT', rule: 'instrument' });
    });
  });
});
