import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { connect as connectTo, createServer } from 'node:net';
import { Logger } from '@nestjs/common';
import { Pool } from 'pg';
import { migrationsDirectory } from '../migrations/migrations-directory';
import { accounts } from '../trading/trading.schema';
import { runMigrations } from '../migrations/run-migrations';
import { createTestDatabase, type TestDatabase } from '../testing/test-database';
import { backOffMs } from './back-off';
import { Database } from './database';
import { DatabaseUnavailableError, isDatabaseFull, isDatabaseUnavailable } from './database.errors';
import { DatabaseClock } from './database.clock';
import { DatabaseHealth } from './database.health';

const healthOf = (database: Database) => new DatabaseHealth(database, new DatabaseClock(database)).health();

const connect = (url: string | undefined) => new Database({ value: { url, applicationName: 'test' } });

/** A port on which nothing listens. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (typeof address !== 'object' || address === null) throw new Error('no port');
  return address.port;
}

describe('the database', () => {
  let test: TestDatabase;
  const opened: Database[] = [];
  const open = (url: string | undefined) => {
    const database = connect(url);
    opened.push(database);
    database.onModuleInit();
    return database;
  };

  beforeAll(async () => {
    Logger.overrideLogger(false);
    test = await createTestDatabase(process.env['TEST_DATABASE_URL']);
  });
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((database) => database.onApplicationShutdown()));
  });
  afterAll(() => test.drop());

  it('is migrated once by services that start at the same moment', async () => {
    const services = Array.from({ length: 5 }, () => open(test.url));
    await Promise.all(services.map((service) => service.whenReady()));
    const pool = new Pool({ connectionString: test.url, max: 1 }).on('error', () => undefined);
    const { rows } = await pool.query(
      "select table_schema, count(*)::int as tables from information_schema.tables where table_schema in ('trading', 'risk', 'identity') group by 1 order by 1",
    );
    const applied = await pool.query('select count(*)::int as migrations from migrations.trading');
    await pool.end();
    expect(rows.map(({ table_schema }) => table_schema)).toEqual(['identity', 'risk', 'trading']);
    // Each once, although three services migrated at the same moment.
    const written = readdirSync(join(migrationsDirectory(), 'trading')).filter((name) =>
      name.endsWith('.sql'),
    );
    expect(applied.rows).toEqual([{ migrations: written.length }]);
  });

  it('migrates again without effect', async () => {
    const pool = new Pool({ connectionString: test.url, max: 1 }).on('error', () => undefined);
    await expect(runMigrations(pool)).resolves.toEqual(
      expect.arrayContaining(['identity', 'risk', 'trading']),
    );
    await pool.end();
  });

  it('keeps money exact', async () => {
    const database = open(test.url);
    await database.whenReady();
    const account = { id: 'EXACT', broker: 'paper', feed: 'replay', currency: 'USDT' } as const;
    const cash = '12345678901234567890.123456789012';
    await database.orm.insert(accounts).values({ ...account, capital: '0.1', cash });
    expect(await database.orm.select().from(accounts)).toMatchObject([{ capital: '0.1', cash }]);
  });

  it('survives cut connections: queries go on by themselves', async () => {
    const database = open(test.url);
    await database.whenReady();
    await database.ping();
    await test.cutConnections();
    await expect(eventually(() => database.ping())).resolves.toBeUndefined();
  });

  it('survives a connection that is cut between two statements of a transaction', async () => {
    const database = open(test.url);
    await database.whenReady();
    const transaction = database.orm.transaction(async (inside) => {
      await inside.execute('select 1');
      await test.cutConnections();
      // The end of the connection has arrived by now, while no statement was waiting for an answer.
      await new Promise((resolve) => setTimeout(resolve, 50));
      await inside.execute('select 2');
    });
    await expect(transaction).rejects.toThrow();
    await expect(eventually(() => database.ping())).resolves.toBeUndefined();
  });

  it('becomes ready by itself when PostgreSQL appears after the service', async () => {
    const port = await freePort();
    const { hostname, port: serverPort } = new URL(test.url);
    const detour = new URL(test.url);
    detour.port = String(port);
    const database = open(detour.href);
    await expect(database.ping()).rejects.toThrow(DatabaseUnavailableError);

    const server = createServer((client) => {
      const upstream = connectTo(Number(serverPort), hostname);
      client.pipe(upstream).pipe(client);
      client.on('error', () => upstream.destroy());
      upstream.on('error', () => client.destroy());
    });
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
    await database.whenReady();
    await expect(database.ping()).resolves.toBeUndefined();
    server.close();
  });

  it('reports itself degraded and fails clearly while PostgreSQL is away', async () => {
    const port = await freePort();
    const database = open(`postgres://nobody@127.0.0.1:${port}/nothing`);
    await expect(healthOf(database)).resolves.toMatchObject({ status: 'degraded' });
    expect(() => database.orm).toThrow(DatabaseUnavailableError);
  });

  it('knows how far the clocks are apart, and says so when somebody sets one of them', async () => {
    const database = open(test.url);
    await database.whenReady();
    const clock = new DatabaseClock(database);
    const health = new DatabaseHealth(database, clock);
    await expect(health.health()).resolves.toEqual({ status: 'up' });
    await clock.measure();
    const { status, clockOffsetMs } = await health.health();
    expect(status).toBe('up');
    expect(Math.abs(clockOffsetMs ?? Number.NaN)).toBeLessThan(1_000);
    const now = Date.now;
    const setBack = jest.spyOn(Date, 'now').mockImplementation(() => now() - 900_000);
    await expect(health.health()).resolves.toEqual({
      status: 'degraded',
      detail: "this machine's clock is about 900 s behind PostgreSQL's",
      clockOffsetMs: expect.any(Number),
    });
    setBack.mockRestore();
  });

  it('names the variable when no address is configured', async () => {
    const health = await healthOf(open(undefined));
    expect(health).toEqual({
      status: 'degraded',
      detail: 'PostgreSQL is not ready: DATABASE_URL is not set',
    });
  });
});

describe('errors of the database', () => {
  const withCode = (code: string) => Object.assign(new Error('x'), { code });
  it.each([
    ['a refused connection', withCode('ECONNREFUSED'), true],
    ['a server that shuts down', withCode('57P01'), true],
    ['too many connections', withCode('53300'), true],
    ['a wrapped reset', new Error('query failed', { cause: withCode('ECONNRESET') }), true],
    ['several refused addresses', new AggregateError([withCode('ECONNREFUSED')]), true],
    ['a terminated connection', new Error('Connection terminated unexpectedly'), true],
    ['not ready yet', new DatabaseUnavailableError('still connecting'), true],
    ['a unique violation', withCode('23505'), false],
    ['a missing table', withCode('42P01'), false],
    ['something else', new TypeError('no'), false],
  ])('%s: unavailable %#', (_title, error, expected) => {
    expect(isDatabaseUnavailable(error)).toBe(expected);
  });
});

describe('a server whose disk is full', () => {
  const withCode = (code: string) => Object.assign(new Error('no'), { code });

  it('is told from one that is away, and both are worth another try', () => {
    const full = new Error('Failed query', { cause: withCode('53100') });
    expect([isDatabaseFull(full), isDatabaseUnavailable(full)]).toEqual([true, true]);
    const away = withCode('57P01');
    expect([isDatabaseFull(away), isDatabaseUnavailable(away)]).toEqual([false, true]);
  });
});

describe('the back-off', () => {
  it('doubles up to three seconds and never drops below half of that', () => {
    const longest = [1, 2, 3, 6, 50].map((attempt) => backOffMs(attempt, () => 1));
    expect(longest).toEqual([100, 200, 400, 3_000, 3_000]);
    expect(backOffMs(50, () => 0)).toBe(1_500);
  });
});

/** Repeats until it succeeds; the test's time limit ends it otherwise. */
async function eventually<T>(action: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await action();
    } catch (error) {
      if (!isDatabaseUnavailable(error)) throw error;
      await new Promise(setImmediate);
    }
  }
}
