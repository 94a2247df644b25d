import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { type PositionSizingAnswer, positionSizingAnswerSchema } from '@tickbridge/contracts';
import { accounts, candles, Database, positions } from '@tickbridge/database';
import request from 'supertest';
import { TestPlatform } from '../testing/test-platform';

const ACCOUNT = 'PAPER_TRADER_001';
const { authorization } = TestPlatform;

describe('position sizing', () => {
  let platform: TestPlatform;
  let app: NestFastifyApplication;
  let database: Database;

  const ask = (payload: object, target = app) =>
    request(target.getHttpServer()).post('/api/v1/position-sizing').set({ authorization }).send(payload);
  const size = async (payload: object, target = app) => {
    const answer = await ask(
      { accountId: ACCOUNT, symbol: 'BTCUSDT', entryPrice: 60_000, ...payload },
      target,
    );
    expect(answer.status).toBe(200);
    return positionSizingAnswerSchema.parse(answer.body);
  };
  const change = (limits: object) =>
    request(app.getHttpServer())
      .put('/api/v1/risk/limits')
      .set({ authorization })
      .send({ by: 'test', reason: 'test', limits })
      .expect(200);

  beforeAll(async () => {
    platform = await TestPlatform.begin({
      databaseUrl: process.env['TEST_DATABASE_URL'],
      redisProgram: process.env['TEST_REDIS_PROGRAM'],
    });
    app = await platform.start();
    database = app.get(Database);
    await database.orm.insert(accounts).values({
      id: ACCOUNT,
      broker: 'paper',
      feed: 'replay',
      currency: 'USDT',
      capital: '100000',
      cash: '100000',
    });
  }, 30_000);
  afterAll(() => platform.end());

  it('risks half a percent at the stop, unless a limit says less', async () => {
    // 500 USDT over a distance of 10,000 and 0.1 % of charges each way; the largest order of 20,000 USDT allows more than that.
    expect(await size({ method: 'fixed-risk', stopPrice: 50_000 })).toMatchObject({
      quantity: 0.0494,
      boundBy: 'risk',
      stopDistance: 10_000,
      riskAmount: 499.928,
      equity: 100_000,
      cached: false,
    });
    expect(await size({ method: 'fixed-risk', stopPrice: 59_000 })).toMatchObject({
      quantity: 0.33333,
      boundBy: 'maxOrderNotional',
    });
  });

  it('gives zero for a stop at the entry', async () => {
    expect(await size({ method: 'fixed-risk', stopPrice: 60_000 })).toMatchObject({
      quantity: 0,
      boundBy: 'risk',
    });
  });

  it('buys a value, in whole lots', async () => {
    expect(await size({ method: 'fixed-notional', notional: 1_000 })).toMatchObject({
      quantity: 0.01666,
      notional: 999.6,
      boundBy: 'notional',
      stopPrice: null,
      riskAmount: null,
    });
  });

  it('measures the range on bars that are given, or on recorded candles', async () => {
    const bars = Array.from({ length: 20 }, () => ({ high: 61_000, low: 59_000, close: 60_000 }));
    const given = await size({ method: 'atr', bars, atrMultiple: 5, atrPeriods: 5 });
    expect(given).toMatchObject({ atr: 2_000, stopDistance: 10_000, stopPrice: 50_000, quantity: 0.0494 });
    const missing = await ask({ method: 'atr', accountId: ACCOUNT, symbol: 'BTCUSDT', entryPrice: 60_000 });
    expect([missing.status, (missing.body as { code: string }).code]).toEqual([422, 'NOT_ENOUGH_BARS']);
    await database.orm.insert(candles).values(
      bars.map(({ high, low, close }, index) => ({
        feed: 'replay' as const,
        symbol: 'BTCUSDT',
        intervalMs: 60_000,
        open: close,
        high,
        low,
        close,
        volume: 1,
        trades: 1,
        openTime: new Date(1_723_161_240_000 + index * 60_000),
      })),
    );
    const short = { method: 'atr', atrMultiple: 5, atrPeriods: 5, side: 'SELL' };
    expect(await size(short)).toMatchObject({
      atr: 2_000,
      stopPrice: 70_000,
      quantity: 0.0494,
      cached: false,
    });
  });

  it('answers the same inputs from the cache, in every process, until limits change', async () => {
    const other = await platform.start();
    const inputs = { method: 'fixed-notional', notional: 2_000 };
    const first = await size(inputs);
    const second: PositionSizingAnswer = await size(inputs, other);
    expect(first.cached).toBe(false);
    expect(second).toEqual({ ...first, cached: true, ageMs: second.ageMs });
    expect(second.ageMs).toBeGreaterThanOrEqual(0);
    await change({ maxOrderNotional: 600 });
    expect(await size(inputs)).toMatchObject({ cached: false, quantity: 0.01, boundBy: 'maxOrderNotional' });
    await platform.stop(other);
    await change({ maxOrderNotional: 20_000 });
  });

  it('counts what is held, and says when it has no price', async () => {
    const held = { accountId: ACCOUNT, strategy: 's', realized: '0', fees: '0', updatedAt: new Date() };
    await database.orm
      .insert(positions)
      .values({ ...held, symbol: 'BTCUSDT', quantity: '0.3166', cost: '18996' });
    expect(await size({ method: 'fixed-notional', notional: 1_500 })).toMatchObject({
      quantity: 0.01673,
      boundBy: 'maxSymbolNotional',
    });
    await database.orm.insert(positions).values({ ...held, symbol: 'ETHUSDT', quantity: '1', cost: '2600' });
    const answer = await ask({
      method: 'fixed-notional',
      notional: 1_600,
      accountId: ACCOUNT,
      symbol: 'BTCUSDT',
      entryPrice: 60_000,
    });
    expect([answer.status, (answer.body as { code: string }).code]).toEqual([503, 'NO_PRICE']);
  });

  it('refuses what it cannot compute with a stable code', async () => {
    const base = { method: 'fixed-notional', notional: 1, symbol: 'BTCUSDT', entryPrice: 1 };
    const nobody = await ask({ ...base, accountId: 'NOBODY' });
    // At once again: a refusal is not remembered as a failure of the service.
    const again = await ask({ ...base, accountId: 'NOBODY' });
    expect([nobody, again].map(({ status }) => status)).toEqual([404, 404]);
    for (const bad of [{ notional: -1 }, { method: 'luck' }, { surprise: 1 }, { entryPrice: 'x' }]) {
      const answer = await ask({ ...base, accountId: ACCOUNT, ...bad });
      expect([answer.status, (answer.body as { code: string }).code]).toEqual([400, 'INVALID_INPUT']);
    }
    await request(app.getHttpServer()).post('/api/v1/position-sizing').send(base).expect(401);
  });
});
