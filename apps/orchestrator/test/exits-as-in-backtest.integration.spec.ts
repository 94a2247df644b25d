import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Logger } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import {
  type BacktestOrder,
  exitSettingsSchema,
  type Order,
  type PipelineTrace,
} from '@tickbridge/contracts';
import { createTestDatabase, Database, type TestDatabase } from '@tickbridge/database';
import { createApp } from '@tickbridge/service-bootstrap';
import { PrivateRedis, waitFor } from '@tickbridge/shared-cache/testing';
import { runBacktest } from '@tickbridge/trading-core';
import request from 'supertest';
import { readConfig } from '../src/app.config';
import { orchestrator } from '../src/orchestrator.definition';
import { coinWalk } from '../src/testing/coin-walk';
import { FeedProcess } from '../src/testing/feed-process';
import { listInstruments, madeUpInstruments } from '../src/testing/listed-instruments';
import { ON_EVERY_BAR } from '../src/testing/on-every-bar';
import { RiskStub } from '../src/testing/risk-stub';
import { requiredVariable, TEST_KEY } from './orchestrator-process';

const EXITS = exitSettingsSchema.parse({
  stopLoss: { kind: 'atr', multiple: 4 },
  target: { kind: 'none' },
  trailingStop: { kind: 'percent', percent: 0.4 },
  squareOffAt: '10:40',
  cooldownMinutes: 1,
  maxReentriesPerDay: 5,
});
const PARAMETERS = { cooldownBars: 2, volumeFactor: 1 };
const STRATEGY = 'momentum-breakout';
const COINS = madeUpInstruments('replay', ['AAA', 'BBB', 'CCC']);

const figures = (order: Order | BacktestOrder) => {
  const { id, symbol, strategy, side, quantity, status, averagePrice } = order;
  return { id, symbol, strategy, side, quantity, status, averagePrice };
};

describe('exits that the platform handles', () => {
  const directory = mkdtempSync(join(tmpdir(), 'exits-'));
  const risk = new RiskStub();
  let database: TestDatabase;
  let redis: PrivateRedis;
  let feed: FeedProcess;
  let app: NestFastifyApplication;

  const get = async <T>(path: string) =>
    (await request(app.getHttpServer()).get(`/api/v1/${path}`)).body as T;
  const passed = async (stage: string) => {
    const { stages } = await get<PipelineTrace>('pipeline/trace');
    return stages.find((one) => one.stage === stage)?.passed ?? 0;
  };

  beforeAll(async () => {
    Logger.overrideLogger(false);
    database = await createTestDatabase(requiredVariable('TEST_DATABASE_URL'));
    redis = await PrivateRedis.start(requiredVariable('TEST_REDIS_PROGRAM'));
    feed = await FeedProcess.start('replay', redis.options, TEST_KEY);
    const config = readConfig({
      DATABASE_URL: database.url,
      DATA_DIR: directory,
      INTERNAL_API_KEY: TEST_KEY,
      FEED: 'replay',
      ...ON_EVERY_BAR,
      ORCHESTRATOR_PORT: '0',
      MARKET_DATA_HTTP_URL: feed.url,
      REDIS_URL: redis.url,
      RISK_MANAGER_HTTP_URL: await risk.start(),
    });
    app = await createApp(orchestrator, config, false);
    await app.getHttpAdapter().getInstance().ready();
    await app.get(Database).whenReady();
    await listInstruments(app.get(Database), COINS);
    await waitFor(async () => (await passed('replica')) > 0, { timeoutMs: 20_000 });
    await waitFor(async () => (await get<unknown[]>('accounts')).length === 1);
  }, 60_000);

  afterAll(async () => {
    await app.close();
    await feed.stop();
    await Promise.all([redis.stop(), risk.stop(), database.drop()]);
    rmSync(directory, { recursive: true });
  });

  it('give the same orders in a replay as in a backtest of the same bars', async () => {
    for (const id of [STRATEGY, 'mean-reversion', 'opening-range']) {
      const change = id === STRATEGY ? { exits: EXITS, parameters: PARAMETERS } : { enabled: false };
      await request(app.getHttpServer())
        .patch(`/api/v1/strategies/${id}`)
        .set('authorization', `Bearer ${TEST_KEY}`)
        .send(change)
        .expect(200);
    }
    const bars = coinWalk(500);
    const backtest = runBacktest(
      {
        source: 'replay',
        strategies: [{ id: STRATEGY, parameters: PARAMETERS, exits: EXITS, timeframe: '5s', leastEdge: 0 }],
        accountId: 'PAPER_TRADER_001',
        capital: 100_000,
        instruments: new Map(COINS.map((coin) => [coin.symbol, coin])),
      },
      bars,
    );
    // The risk-manager of this test approves everything: a denial would be a difference of its own.
    expect(backtest.statistics.denied).toEqual({});
    expect(backtest.orders.length).toBeGreaterThan(10);
    const { withoutOrder } = backtest.statistics;
    expect(Object.keys(withoutOrder)).toEqual(expect.arrayContaining(['exit-cooldown', 'after-square-off']));

    feed.publish(bars);
    await waitFor(async () => (await passed('bars')) === bars.length, { timeoutMs: 30_000 });
    const replayed = await waitFor(async () => {
      const orders = await get<Order[]>('orders?limit=1000');
      return orders.length >= backtest.orders.length && orders;
    });
    expect(replayed.map(figures).reverse()).toEqual(backtest.orders.map(figures));
  }, 60_000);
});
