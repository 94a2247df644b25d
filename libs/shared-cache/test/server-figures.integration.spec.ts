import { redisStatusSchema } from '@tickbridge/contracts';
import { Redis } from 'ioredis';
import { readServerFigures } from '../src/connection/server-figures';
import type { PrivateRedis } from '../src/testing';
import { startRedis } from './harness';

const serverSchema = redisStatusSchema.shape.server.unwrap();

describe('figures of the Redis server', () => {
  let redis: PrivateRedis;

  beforeEach(async () => {
    redis = await startRedis();
  });

  afterEach(() => redis.stop());

  /** Everything counts as slow until the log is read. */
  async function slowly(work: (client: Redis) => Promise<unknown>): Promise<void> {
    await redis.foreign.config('SET', 'slowlog-log-slower-than', '0');
    await redis.foreign.slowlog('RESET');
    await work(redis.foreign);
    await redis.foreign.config('SET', 'slowlog-log-slower-than', '-1');
  }

  const slowLog = async (client = redis.foreign) => {
    const figures = serverSchema.parse(await readServerFigures(client));
    // Setting the threshold is slow by that measure, too.
    return figures.slowLog?.filter(({ command }) => command !== 'CONFIG' && command !== 'SLOWLOG') ?? null;
  };

  it('come in the shape the console page expects', async () => {
    expect(serverSchema.parse(await readServerFigures(redis.foreign))).toMatchObject({
      version: expect.stringMatching(/^\d+\./),
      slowLog: [],
    });
  });

  it('hold slow commands, newest first, with when and how long', async () => {
    const before = Date.now();
    await slowly(async (client) => {
      await client.set('cache:quotes:A', '1');
      await client.get('cache:quotes:A');
    });
    const entries = await slowLog();
    expect(entries).toMatchObject([
      { command: 'GET', argumentCount: 1, key: 'cache:quotes:A' },
      { command: 'SET', argumentCount: 2, key: 'cache:quotes:A' },
    ]);
    for (const { at, durationMicroseconds } of entries ?? []) {
      // Redis tells whole seconds.
      expect(Date.parse(at)).toBeGreaterThanOrEqual(before - 1_000);
      expect(durationMicroseconds).toBeGreaterThanOrEqual(0);
    }
  });

  it('hold ten slow commands at most', async () => {
    await slowly(async (client) => {
      for (let at = 0; at < 30; at += 1) await client.get('cache:x');
    });
    expect(await readServerFigures(redis.foreign)).toHaveProperty('slowLog.length', 10);
  });

  it('never tell what a command carried, nor the name of a key that is not the cache’s', async () => {
    await slowly(async (client) => {
      await client.set('token:broker:hunter2', 'hunter2');
      await client.call('hset', 'session:hunter2', 'cache:hunter2', 'hunter2');
      await client.eval('return 1', 1, 'session:hunter2', 'cache:hunter2');
      await client.set('cache:a', 'hunter2');
      await client.eval('return ARGV[1]', 1, 'cache:b', 'hunter2');
    });
    const entries = await slowLog();
    expect(JSON.stringify(entries)).not.toContain('hunter2');
    expect(entries?.map(({ command, key }) => [command, key])).toEqual([
      ['EVAL', 'cache:b'],
      ['SET', 'cache:a'],
      ['EVAL', null],
      ['HSET', null],
      ['SET', null],
    ]);
  });

  it('count the arguments Redis leaves out of its log', async () => {
    await slowly((client) => client.mget(...Array.from({ length: 500 }, (_, at) => `cache:${at}`)));
    expect(await slowLog()).toMatchObject([{ command: 'MGET', argumentCount: 500, key: 'cache:0' }]);
  });

  it('are without a slow log where the access list forbids it, and otherwise complete', async () => {
    await redis.foreign.call('ACL', 'SETUSER', 'app', 'on', '>pw', '~*', '&*', '+@all', '-slowlog');
    const app = new Redis({ ...redis.options, username: 'app', password: 'pw' });
    const figures = serverSchema.parse(await readServerFigures(app));
    expect(figures.slowLog).toBeNull();
    expect(figures.usedMemoryBytes).toBeGreaterThan(0);
    app.disconnect();
  });

  it('have a slow log under the access list the platform’s own Redis is started with', async () => {
    // As docker/redis-entrypoint.sh writes it.
    const rules = ['+@all', '-@admin', '-@dangerous', '+info', '+client', '+slowlog|get', '+slowlog|len'];
    await redis.foreign.call('ACL', 'SETUSER', 'app', 'on', '>pw', '~*', '&*', ...rules);
    const app = new Redis({ ...redis.options, username: 'app', password: 'pw' });
    expect(await readServerFigures(app)).toMatchObject({ slowLog: [] });
    app.disconnect();
  });

  it('are refused as a whole when the server does not answer', async () => {
    const app = new Redis({ ...redis.options, retryStrategy: null, maxRetriesPerRequest: 0 });
    app.on('error', () => undefined);
    await app.ping();
    await redis.kill();
    await expect(readServerFigures(app)).rejects.toThrow();
  });
});
