import { execFileSync, spawn } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Order } from '@tickbridge/contracts';
import { waitFor } from '@tickbridge/shared-cache/testing';
import { Redis } from 'ioredis';
import { Pool } from 'pg';
import {
  freePorts,
  Platform,
  PORT_VARIABLES,
  requiredVariable,
  type ServiceName,
  WORKSPACE,
} from './platform';

const PASSWORD = 'a password of the test';
const DOCKER = join(WORKSPACE, 'docker');
const SERVICES = ['market-data', 'risk-manager', 'orchestrator', 'dashboard'] as const;
type Service = (typeof SERVICES)[number];
const variableOf = (service: string) => `${service.toUpperCase().replace('-', '_')}_REDIS_PASSWORD`;

describe('Redis as docker/compose.yml runs it, with a user for each service', () => {
  let directory: string;
  let port: number;
  let stop: () => Promise<void>;
  let operator: Redis;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'tickbridge-redis-'));
    const passwords = Object.fromEntries([...SERVICES, 'operator'].map((name) => [variableOf(name), name]));
    const users = execFileSync('sh', [join(DOCKER, 'redis-users.sh')], { env: passwords });
    await writeFile(join(directory, 'users.acl'), users);
    [port = 0] = await freePorts(1);
    const server = spawn(
      requiredVariable('TEST_REDIS_PROGRAM'),
      [
        join(DOCKER, 'redis.conf'),
        ...['--dir', directory, '--aclfile', join(directory, 'users.acl')],
        ...['--port', String(port), '--bind', '127.0.0.1'],
      ],
      { stdio: 'ignore' },
    );
    stop = async () => {
      server.kill('SIGTERM');
      await once(server, 'exit');
    };
    operator = client('operator');
    await waitFor(() => operator.ping());
  });

  afterAll(async () => {
    operator.disconnect();
    await stop();
    await rm(directory, { recursive: true, force: true });
  });

  const client = (user: Service | 'operator') =>
    new Redis({
      host: '127.0.0.1',
      port,
      username: user,
      password: user,
      maxRetriesPerRequest: 50,
      retryStrategy: () => 50,
    }).on('error', () => undefined);
  const as = async <T>(user: Service, work: (redis: Redis) => Promise<T>): Promise<T> => {
    const redis = client(user);
    try {
      return await work(redis);
    } finally {
      redis.disconnect();
    }
  };

  it('has the limits of the mission', async () => {
    const settings = async (name: string) => (await operator.config('GET', name))[1];
    expect(await settings('maxmemory')).toBe(String(2 * 1024 ** 3));
    expect(await settings('maxmemory-policy')).toBe('allkeys-lru');
    expect(await settings('appendonly')).toBe('yes');
  });

  it.each(SERVICES)('lets %s do nothing that endangers the server or what others say', async (user) => {
    await as(user, async (redis) => {
      await expect(redis.set('cache:x', '1', 'PX', 1_000)).resolves.toBe('OK');
      await expect(redis.info()).resolves.toContain('used_memory');
      await expect(redis.call('SLOWLOG', 'GET', '5')).resolves.toBeDefined();
      for (const command of [
        ...[['FLUSHALL'], ['KEYS', '*'], ['CONFIG', 'GET', '*'], ['SHUTDOWN', 'NOSAVE'], ['MONITOR']],
        ...[
          ['ACL', 'LIST'],
          ['CLIENT', 'LIST'],
          ['CLIENT', 'KILL', 'ID', '1'],
          ['SET', 'other', '1'],
        ],
      ]) {
        await expect(redis.call(...(command as [string]))).rejects.toThrow(/NOPERM/);
      }
    });
  });

  it.each<[Service, string, string[]]>([
    ['risk-manager', 'write a price', ['HSET', 'simulator:live_cache', 'RELIANCE', '{}']],
    ['orchestrator', 'write a price', ['HSET', 'simulator:live_cache', 'RELIANCE', '{}']],
    ['dashboard', 'publish a frame', ['PUBLISH', 'simulator:ticks', 'x']],
    ['orchestrator', 'publish a frame', ['PUBLISH', 'simulator:ticks', 'x']],
    ['orchestrator', 'take the feed’s lease', ['SET', 'feed:lease:simulator', 'me 1']],
    ['market-data', 'publish an order', ['PUBLISH', 'order.updated', '{}']],
    ['dashboard', 'publish a signal', ['PUBLISH', 'signal.created', '{}']],
    ['market-data', 'read a broker’s token', ['GET', 'token:sharekhan:A']],
    ['dashboard', 'read a broker’s token', ['GET', 'token:sharekhan:A']],
    ['risk-manager', 'read a session', ['GET', 'session:x']],
    ['orchestrator', 'read a session', ['GET', 'session:x']],
    ['dashboard', 'answer a risk check', ['PUBLISH', 'risk.check.reply', '{}']],
  ])('does not let %s %s', async (user, _what, command) => {
    await as(user, (redis) =>
      expect(redis.call(...(command as [string, ...string[]]))).rejects.toThrow(/NOPERM/),
    );
  });

  it('lets nobody in without a password', async () => {
    const stranger = new Redis({ host: '127.0.0.1', port, retryStrategy: () => null }).on(
      'error',
      () => undefined,
    );
    await expect(stranger.ping()).rejects.toThrow(/NOAUTH/);
    stranger.disconnect();
  });

  it('is enough for the whole platform: an order is filled and Redis has refused nothing', async () => {
    const database = `redis_users_${randomBytes(6).toString('hex')}`;
    const url = new URL(requiredVariable('TEST_DATABASE_URL'));
    const server = new Pool({ connectionString: url.href }).on('error', () => undefined);
    await server.query(`create database ${database}`);
    url.pathname = `/${database}`;
    const key = randomBytes(24).toString('hex');
    const platform = await Platform.prepare({ INTERNAL_API_KEY: key });
    await operator.call('ACL', 'LOG', 'RESET');
    const children = services(platform, key, url.href);
    try {
      await waitFor(async () => (await place(platform)).body.status === 'Filled', {
        timeoutMs: 90_000,
        everyMs: 500,
      });
      await waitFor(async () => (await operator.hlen('simulator:live_cache')) > 0);
      // What each may write, it writes: signals and tokens, sessions, the cache.
      await waitFor(async () => (await operator.xlen('signals:recent')) > 0, { timeoutMs: 90_000 });
      const token = { token: 'a token of the test' };
      const submitted = await platform.call(
        'orchestrator',
        'PUT',
        '/api/v1/accounts/PAPER_TRADER_001/token',
        token,
      );
      expect(submitted.status).toBe(200);
      const login = await fetch(platform.url('dashboard', '/api/v1/auth/login'), {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ username: 'admin', password: PASSWORD }),
      });
      expect(login.status).toBeLessThan(300);
      for (const pattern of ['token:*', 'session:*', 'cache:*', 'bus:claim:*', 'feed:lease:*'])
        await waitFor(async () => (await operator.keys(pattern)).length > 0);
      expect(await operator.call('ACL', 'LOG')).toEqual([]);
      for (const name of SERVICES) {
        expect(
          (await platform.get<{ dependencies: object }>(name, '/health/ready')).body.dependencies,
        ).toMatchObject({ redis: { status: 'up' } });
      }
    } finally {
      for (const child of children) {
        child.kill('SIGTERM');
        if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
      }
      await platform.dispose();
      await server.query(`drop database ${database} with (force)`);
      await server.end();
    }
  }, 240_000);

  const place = (platform: Platform) =>
    platform.call<Order>('dashboard', 'POST', '/api/v1/orders', {
      requestId: randomUUID(),
      accountId: 'PAPER_TRADER_001',
      symbol: 'RELIANCE',
      side: 'BUY',
      type: 'MARKET',
      quantity: 1,
      repeat: true,
      by: 'mira',
      reason: 'a test',
    });

  /** Every service with its own Redis user, as compose starts them, and the simulated vendor beside them. */
  function services(platform: Platform, key: string, databaseUrl: string) {
    const names = Object.keys(PORT_VARIABLES) as ServiceName[];
    const ports = Object.fromEntries(
      names.map((name) => [PORT_VARIABLES[name], String(platform.ports[name])]),
    );
    const secrets = {
      INTERNAL_API_KEY: key,
      TOKEN_ENCRYPTION_KEYS: randomBytes(32).toString('base64'),
      ADMIN_PASSWORD: PASSWORD,
    };
    return names.map((name) =>
      spawn(process.execPath, [join(WORKSPACE, 'dist/apps', name, 'main.mjs')], {
        cwd: WORKSPACE,
        env: {
          PATH: process.env['PATH'],
          HOME: process.env['HOME'],
          DATA_DIR: platform.dataDir,
          ...ports,
          ...secrets,
          DATABASE_URL: databaseUrl,
          FEED: 'simulator',
          // Signals are wanted soon, whatever they earn.
          STRATEGY_TIMEFRAME: '5s',
          STRATEGY_LEAST_EDGE: '0',
          REDIS_URL: `redis://${name}:${name}@127.0.0.1:${port}`,
        },
        stdio: 'ignore',
      }),
    );
  }
});
