import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Order, Readiness, TradingState } from '@tickbridge/contracts';
import { PrivateRedis, waitFor } from '@tickbridge/shared-cache/testing';
import { Pool } from 'pg';
import { freePorts, Platform, requiredVariable, type ServiceName, WORKSPACE } from './platform';

/** From the death of an instance until people are served again, on slow machines too (milliseconds). */
const TAKEOVER_MS = 20_000;
const by = { by: 'mira', reason: 'a test' };

type Instance = Exclude<ServiceName, 'dashboard' | 'feed-simulator'>;
const VARIABLES: Record<Instance, string> = {
  'market-data': 'MARKET_DATA',
  orchestrator: 'ORCHESTRATOR',
  'risk-manager': 'RISK_MANAGER',
};

describe('38: two of everything, each killed in turn, while people watch', () => {
  let redis: PrivateRedis;
  let server: Pool;
  const database = `instances_${randomBytes(6).toString('hex')}`;
  let platform: Platform;
  const instances = new Map<Instance, { child: ChildProcess; port: number }>();

  beforeAll(async () => {
    redis = await PrivateRedis.start(requiredVariable('TEST_REDIS_PROGRAM'));
    const url = new URL(requiredVariable('TEST_DATABASE_URL'));
    server = new Pool({ connectionString: url.href }).on('error', () => undefined);
    await server.query(`create database ${database}`);
    url.pathname = `/${database}`;
    const shared = {
      REDIS_URL: redis.url,
      DATABASE_URL: url.href,
      INTERNAL_API_KEY: randomBytes(24).toString('hex'),
      TOKEN_ENCRYPTION_KEYS: randomBytes(32).toString('base64'),
    };
    platform = await Platform.prepare(shared);
    const ports = await freePorts(3);
    const names = Object.keys(VARIABLES) as Instance[];
    const urls = Object.fromEntries(
      names.map((name, index) => [`${VARIABLES[name]}_HTTP_URL`, `http://127.0.0.1:${ports[index]}`]),
    );
    // The dashboard knows the instances started here; `npm start` runs another of each beside them.
    platform.configure(urls);
    const simulator = { SIMULATOR_PORT: String(platform.ports['feed-simulator']) };
    names.forEach((name, index) => {
      const port = ports[index] ?? 0;
      const child = spawn(process.execPath, [join(WORKSPACE, 'dist/apps', name, 'main.mjs')], {
        cwd: WORKSPACE,
        env: {
          PATH: process.env['PATH'],
          DATA_DIR: platform.dataDir,
          [`${VARIABLES[name]}_PORT`]: String(port),
          ...shared,
          ...urls,
          ...simulator,
        },
        stdio: 'ignore',
      });
      instances.set(name, { child, port });
    });
    await platform.start();
    for (const name of names) await waitFor(() => isUp(name), { timeoutMs: 60_000 });
    await waitFor(async () => (await place()).body.status === 'Filled', { timeoutMs: 60_000, everyMs: 500 });
  }, 180_000);

  afterAll(async () => {
    for (const { child } of instances.values()) child.kill('SIGKILL');
    await platform.dispose();
    await redis.stop();
    await server.query(`drop database ${database} with (force)`);
    await server.end();
  });

  const isUp = async (name: Instance) => {
    const port = instances.get(name)?.port;
    const answer = await fetch(`http://127.0.0.1:${port}/health/ready`).catch(() => undefined);
    return answer?.ok === true && ((await answer.json()) as Readiness).service === name;
  };
  const kill = async (name: Instance) => {
    const child = instances.get(name)?.child;
    child?.kill('SIGKILL');
    if (child && child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  };
  const place = () =>
    platform.call<Order>('dashboard', 'POST', '/api/v1/orders', {
      requestId: randomUUID(),
      accountId: 'PAPER_TRADER_001',
      symbol: 'RELIANCE',
      side: 'BUY',
      type: 'MARKET',
      quantity: 1,
      repeat: true,
      ...by,
    });
  const served = async (path: string) => (await platform.get('dashboard', path)).status === 200;
  const everythingWorks = async () => {
    const paths = [
      'orders?limit=5',
      'positions',
      'portfolio',
      'feed/status',
      'risk/limits',
      'pipeline/trace',
    ];
    for (const path of paths) {
      await waitFor(() => served(`/api/v1/${path}`), { timeoutMs: TAKEOVER_MS }).catch((cause: unknown) => {
        throw new Error(`${path} is not served`, { cause });
      });
    }
    await waitFor(async () => (await place()).body.status === 'Filled', {
      timeoutMs: TAKEOVER_MS,
      everyMs: 500,
    });
  };

  it.each<Instance>(['market-data', 'risk-manager', 'orchestrator'])(
    '%s: prices, orders of people and every page are there again, through the same dashboard',
    async (name) => {
      await kill(name);
      const killedAt = performance.now();
      await everythingWorks();
      console.info(`${name}: people are served again after ${Math.round(performance.now() - killedAt)} ms`);
    },
    120_000,
  );

  it('the kill switch acts while one orchestrator lives', async () => {
    const halted = await platform.call<TradingState>('dashboard', 'POST', '/api/v1/trading/flatten', by);
    expect(halted.status).toBe(200);
    await waitFor(
      async () => {
        const { body } = await platform.get<TradingState>('dashboard', '/api/v1/trading/state');
        return body.mode === 'HALTED';
      },
      { timeoutMs: 30_000 },
    );
  }, 60_000);
});
