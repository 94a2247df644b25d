import { type INestApplicationContext, Logger } from '@nestjs/common';
import type { RedisOptions } from 'ioredis';
import { CacheService } from '../../src/cache/cache.service';
import { RedisConnection } from '../../src/connection/redis.connection';
import { SharedCacheError } from '../../src/contract/shared-cache.errors';
import { keys } from '../../src/contract/shared-cache.keys';
import { PrivateRedis, waitFor } from '../../src/testing';
import { freePort } from '../free-port';
import { sharedCache, startRedis } from '../harness';
import { joined } from '../processes/joined';
import { RedisProgram } from '../redis-program';
import { numbered } from '../workers/numbered';

const PASSWORD = 'correct-horse-battery';
const WRONG = 'wrong-horse-battery';

describe('promise 14: maxmemory reached, READONLY, MOVED, LOADING, wrong password', () => {
  let redis: PrivateRedis;
  let context: INestApplicationContext;
  let cache: CacheService;
  let connection: RedisConnection;
  let logged: string[];
  const opened: { close(): Promise<unknown> }[] = [];

  beforeEach(() => {
    logged = [];
    for (const level of ['warn', 'error'] as const) {
      jest
        .spyOn(Logger.prototype, level)
        .mockImplementation((...[text]: unknown[]) => void logged.push(String(text)));
    }
  });

  afterEach(async () => {
    for (const each of opened.splice(0).reverse()) await each.close();
    jest.restoreAllMocks();
  });

  async function open(options: RedisOptions = redis.options): Promise<void> {
    context = await sharedCache(options);
    opened.push(context);
    cache = context.get(CacheService);
    connection = context.get(RedisConnection);
  }
  async function serve(program?: RedisProgram): Promise<void> {
    redis = program ? await PrivateRedis.start(program.path) : await startRedis();
    const server = redis;
    opened.push({ close: () => server.stop() });
    if (program) opened.push({ close: () => program.remove() });
  }

  /** Every kind of call works for this process, whatever Redis says. */
  async function goesOn(): Promise<void> {
    await cache.set(numbered, 'A', { key: 'A', n: 1 });
    expect(await cache.get(numbered, 'A')).toMatchObject({ n: 1 });
    expect(await cache.getOrSet(numbered, 'B', async () => ({ key: 'B', n: 2 }))).toMatchObject({ n: 2 });
    expect(await cache.getMany(numbered, ['A'])).toEqual(new Map([['A', { key: 'A', n: 1 }]]));
    await cache.delete(numbered, 'A');
    expect(await cache.get(numbered, 'A')).toBeUndefined();
    await cache.clear(numbered);
  }
  const warnings = (text: RegExp) => logged.filter((line) => text.test(line));
  /** What any command that writes is told. */
  const refusal = () =>
    connection
      .run((client) => client.set('cache:x', 'x'))
      .then(
        () => undefined,
        (error: Error) => error,
      );

  const refusing: [string, string, () => Promise<unknown>, () => Promise<unknown>][] = [
    [
      'maxmemory is reached',
      'OOM',
      () => redis.foreign.config('SET', 'maxmemory', '1'),
      () => redis.foreign.config('SET', 'maxmemory', '0'),
    ],
    [
      'it became a replica (READONLY)',
      'READONLY',
      () => redis.foreign.replicaof('127.0.0.1', '1'),
      () => redis.foreign.replicaof('NO', 'ONE'),
    ],
  ];

  describe.each(refusing)('%s', (_what, reason, begin, end) => {
    beforeEach(async () => {
      await serve();
      await open();
      await joined(context);
      await begin();
    });

    it('the error is typed and tells what helps; the service goes on, degraded', async () => {
      await goesOn();
      const error = await refusal();
      expect(error).toBeInstanceOf(SharedCacheError);
      expect(error).toMatchObject({ code: 'REDIS_REFUSED', reason });
      expect(connection.health()).toMatchObject({
        status: 'degraded',
        detail: expect.stringContaining(reason),
      });
      expect(connection.available).toBe(true);
    });

    it('the log says so once, clearly', async () => {
      await goesOn();
      const since = performance.now();
      await waitFor(async () => {
        await goesOn();
        return performance.now() - since > 1_200;
      });
      expect(warnings(/^Redis refuses commands/)).toEqual([expect.stringContaining(reason)]);
    });

    // Observed: "handing over interrupted" is warned four times a second for as long as it lasts.
    it('nothing else fills the log meanwhile', async () => {
      await goesOn();
      const since = performance.now();
      await waitFor(() => performance.now() - since > 1_200);
      expect(logged.length).toBeLessThan(3);
    });

    it('writes reach Redis once it takes them again', async () => {
      await cache.set(numbered, 'C', { key: 'C', n: 3 });
      expect(await redis.foreign.exists(keys.cacheEntry('numbered', 'C'))).toBe(0);
      await end();
      await waitFor(() => redis.foreign.exists(keys.cacheEntry('numbered', 'C')));
    });
  });

  it('it is one of a cluster (MOVED): typed, told once, degraded; the service goes on', async () => {
    const cluster = async () => {
      const busPort = String(await freePort());
      await serve(await RedisProgram.with('--cluster-enabled', 'yes', '--cluster-port', busPort));
      return { server: redis, busPort };
    };
    const [owner, asked] = [await cluster(), await cluster()];
    await owner.server.foreign.call('CLUSTER', 'ADDSLOTSRANGE', '0', '16383');
    await asked.server.foreign.call('CLUSTER', 'MEET', '127.0.0.1', String(owner.server.port), owner.busPort);
    await waitFor(() =>
      asked.server.foreign.get('x').then(
        () => false,
        (error: Error) => /^MOVED/.test(error.message),
      ),
    );
    await open(asked.server.options);
    await waitFor(() => connection.available);
    await goesOn();
    expect(await refusal()).toMatchObject({ code: 'REDIS_REFUSED', reason: 'MOVED' });
    expect(connection.health()).toMatchObject({ status: 'degraded', detail: expect.stringMatching(/MOVED/) });
    expect(warnings(/^Redis refuses commands/)).toHaveLength(1);
  }, 20_000);

  it('it is LOADING: away, told once, degraded; the service goes on, and uses it once it is loaded', async () => {
    const program = await RedisProgram.with('--dbfilename', 'dump.rdb');
    await serve(program);
    await redis.foreign.eval("for i = 1, 2000 do redis.call('SET', 'k' .. i, string.rep('x', 1000)) end", 0);
    await redis.foreign.save();
    await redis.kill();
    // Each key takes a millisecond.
    await program.set('--dbfilename', 'dump.rdb', '--key-load-delay', '1000');
    const starting = redis.start();
    await open();
    await waitFor(() => /LOADING|loading/.test(connection.health().detail ?? ''), { everyMs: 2 });
    expect(connection.health().status).toBe('degraded');
    await goesOn();
    expect(await refusal()).toMatchObject({ code: 'REDIS_UNAVAILABLE' });
    await starting;
    await joined(context);
    expect(connection.health()).toMatchObject({ status: 'up' });
    expect(warnings(/^Redis is away/)).toHaveLength(1);
  }, 20_000);

  it.each<[string, RedisOptions, RegExp]>([
    ['no password is given', {}, /NOAUTH/],
    ['the password is wrong', { password: WRONG }, /WRONGPASS|NOAUTH/],
    ['the user is unknown', { username: 'nobody', password: WRONG }, /WRONGPASS|NOAUTH/],
  ])('%s: away, told once, degraded; the service goes on', async (_what, given, said) => {
    await serve();
    await redis.foreign.config('SET', 'requirepass', PASSWORD);
    await open({ ...redis.options, ...given });
    await waitFor(() => said.test(connection.health().detail ?? ''));
    expect(connection.health().status).toBe('degraded');
    await goesOn();
    expect(await refusal()).toMatchObject({ code: 'REDIS_UNAVAILABLE' });
    // Several attempts later.
    const since = performance.now();
    await waitFor(() => performance.now() - since > 800);
    expect(warnings(/^Redis is away/)).toEqual([expect.stringMatching(said)]);
    const everything = JSON.stringify([logged, connection.health(), await connection.status()]);
    expect(everything).not.toContain(WRONG);
    expect(everything).not.toContain(PASSWORD);
  });

  it('the password is changed while it is in use: noticed, told once; with the right one all goes on', async () => {
    await serve();
    await redis.foreign.config('SET', 'requirepass', PASSWORD);
    await open({ ...redis.options, password: PASSWORD });
    await joined(context);
    await redis.foreign.config('SET', 'requirepass', 'another');
    await redis.foreign.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
    await waitFor(() => !connection.available);
    await waitFor(() => /WRONGPASS|NOAUTH/.test(connection.health().detail ?? ''));
    await goesOn();
    await redis.foreign.config('SET', 'requirepass', PASSWORD);
    await joined(context);
    expect(warnings(/^Redis is away/)).toHaveLength(1);
    expect(JSON.stringify(logged)).not.toContain(PASSWORD);
  });

  it('its user may not do what is needed (NOPERM): typed, told once, degraded; the service goes on', async () => {
    await serve();
    await redis.foreign.call(
      'ACL',
      'SETUSER',
      'reader',
      'on',
      `>${PASSWORD}`,
      '~*',
      '&*',
      '+@all',
      '-@write',
    );
    await open({ ...redis.options, username: 'reader', password: PASSWORD });
    await waitFor(() => connection.available);
    await goesOn();
    expect(await refusal()).toMatchObject({ code: 'REDIS_REFUSED', reason: 'NOPERM' });
    expect(connection.health()).toMatchObject({
      status: 'degraded',
      detail: expect.stringMatching(/NOPERM/),
    });
    expect(warnings(/^Redis refuses commands/)).toHaveLength(1);
    expect(JSON.stringify(logged)).not.toContain(PASSWORD);
  });

  it('an unknown command is refused without its arguments being told', async () => {
    await serve();
    await open();
    await waitFor(() => connection.available);
    const error = await connection
      .run((client) => client.call('NOSUCH', 'secret-token'))
      .catch((e: Error) => e);
    expect(error).toMatchObject({ code: 'REDIS_REFUSED', reason: 'ERR' });
    expect(JSON.stringify([String(error), connection.state(), logged])).not.toContain('secret-token');
    expect(connection.health()).toMatchObject({ status: 'up' });
  });
});
