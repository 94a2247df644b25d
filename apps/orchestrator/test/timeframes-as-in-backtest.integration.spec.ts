import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Logger } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import {
  type BacktestOrder,
  type Bar,
  type Order,
  type PipelineTrace,
  type StrategyStatus,
  type Timeframe,
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

/** With settings that let each trade on a walk by chance. */
const STRATEGIES: readonly {
  id: string;
  timeframe: Timeframe;
  /** What is too near to its target is left out. */
  leastEdge: number;
  parameters: Record<string, number>;
}[] = [
  {
    id: 'momentum-breakout',
    timeframe: '1m',
    leastEdge: 8,
    parameters: { lookbackBars: 4, breakoutAtr: 0.1, volumeFactor: 0.5, cooldownBars: 1 },
  },
  {
    id: 'mean-reversion',
    timeframe: '5m',
    leastEdge: 1,
    parameters: { lookbackBars: 4, stretchDeviations: 1, rsiBars: 2, oversoldRsi: 49, cooldownBars: 0 },
  },
  {
    id: 'opening-range',
    timeframe: '5m',
    leastEdge: 2,
    parameters: { rangeMinutes: 10, entryWindowMinutes: 240 },
  },
];
const COINS = madeUpInstruments('replay', ['AAA', 'BBB', 'CCC']);

const figures = (order: Order | BacktestOrder) => {
  const { id, symbol, strategy, side, quantity, status, averagePrice } = order;
  return { id, symbol, strategy, side, quantity, status, averagePrice };
};

describe('strategies on bars of their timeframe', () => {
  let directory: string;
  let risk: RiskStub;
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

  beforeEach(async () => {
    Logger.overrideLogger(false);
    directory = mkdtempSync(join(tmpdir(), 'timeframes-'));
    risk = new RiskStub();
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

  afterEach(async () => {
    await app.close();
    await feed.stop();
    await Promise.all([redis.stop(), risk.stop(), database.drop()]);
    rmSync(directory, { recursive: true });
  });

  it.each(STRATEGIES)(
    'give the same orders in a replay as in a backtest: $id in $timeframe',
    async (chosen) => {
      for (const { id } of STRATEGIES) {
        const { id: _id, ...settings } = chosen;
        const change = id === chosen.id ? settings : { enabled: false };
        const { body } = await request(app.getHttpServer())
          .patch(`/api/v1/strategies/${id}`)
          .set('authorization', `Bearer ${TEST_KEY}`)
          .send(change)
          .expect(200);
        expect(body).toMatchObject(change);
      }
      // The day begins with the walk: that is the opening of coins.
      const begin = Date.parse('2024-08-09T00:00:00Z');
      const [first, ...rest] = coinWalk(1_500);
      const shift = begin - (first as Bar).openTime;
      const bars = [first as Bar, ...rest].map((bar) => ({ ...bar, openTime: bar.openTime + shift }));
      const backtest = runBacktest(
        {
          source: 'replay',
          strategies: [chosen],
          limits: [{ scope: { kind: 'global' }, limits: { exitPauseMs: 0 } }],
          accountId: 'PAPER_TRADER_001',
          capital: 100_000,
          instruments: new Map(COINS.map((coin) => [coin.symbol, coin])),
        },
        bars,
      );
      // The risk-manager of this test approves everything: a denial would be a difference of its own.
      expect(backtest.statistics.denied).toEqual({});
      expect(backtest.orders.length).toBeGreaterThan(3);
      const refused = backtest.statistics.withoutOrder['edge-below-cost'] ?? 0;
      if (chosen.id !== 'opening-range') expect(refused).toBeGreaterThan(0);

      feed.publish(bars);
      await waitFor(async () => (await passed('bars')) === bars.length, { timeoutMs: 60_000 });
      const replayed = await waitFor(async () => {
        const orders = await get<Order[]>('orders?limit=1000');
        return orders.length >= backtest.orders.length && orders;
      });
      expect(replayed.map(figures).reverse()).toEqual(backtest.orders.map(figures));
      const status = (await get<StrategyStatus[]>('strategies')).find(({ id }) => id === chosen.id);
      expect(status?.edgeRefusals).toBe(refused);
      if (refused > 0)
        expect(status?.lastEdgeRefusal).toContain(`is less than ${chosen.leastEdge} times the costs of`);
      const trace = await get<PipelineTrace>('pipeline/trace');
      const counted = trace.stages.find(({ stage }) => stage === 'signal');
      if (refused > 0) expect(JSON.stringify(counted)).toContain('edge-below-cost');
    },
    90_000,
  );

  it('refuse a length of bars that there is none of, naming the field', async () => {
    const { body } = await request(app.getHttpServer())
      .patch('/api/v1/strategies/momentum-breakout')
      .set('authorization', `Bearer ${TEST_KEY}`)
      .send({ timeframe: '7m' })
      .expect(400);
    expect(body).toMatchObject({ code: 'INVALID_INPUT', fields: [{ field: 'timeframe' }] });
  });
});
