import type { Redis } from 'ioredis';
import { keys } from '../../src/contract/shared-cache.keys';
import type { PrivateRedis } from '../../src/testing';
import { startRedis } from '../harness';
import { CacheProcess } from '../processes/cache-process';
import { answered, spread } from '../processes/spread';
import { p99, steadyMs } from '../workers/steady';
import { PrivateMemcached } from '../private-memcached';

const ROUNDS = 40;
/** The promise is 20 ms; the bound leaves room for a busy machine. */
const P99_MS = 200;
/** A few reads may be late on a busy machine; none is ever this late. */
const LATE_MS = 1_000;

const id = (key: string) => keys.cacheEntry('numbered', key);
const CHANGES: [string, (redis: Redis, key: string) => Promise<unknown>][] = [
  ['SET', (redis, key) => redis.set(id(key), 'foreign')],
  ['DEL', (redis, key) => redis.del(id(key))],
  ['RENAME', (redis, key) => redis.rename(id(key), 'elsewhere')],
  ['FLUSHDB', (redis) => redis.flushdb()],
  ['FLUSHALL', (redis) => redis.flushall()],
];

describe.each([
  ['Redis', false],
  ['Redis and Memcached', true],
])('promise 8: write, delete or FLUSHALL by a foreign client, with %s', (_tiers, side) => {
  let redis: PrivateRedis;
  let memcached: PrivateMemcached | undefined;
  let processes: CacheProcess[];

  beforeAll(async () => {
    redis = await startRedis();
    memcached = side ? await PrivateMemcached.start() : undefined;
    const each = { redis: redis.options, ...(memcached && { memcached: memcached.address }) };
    processes = await CacheProcess.startAll(each, each, each);
    await Promise.all(processes.map((process) => process.joined(side)));
  }, 60_000);

  afterAll(async () => {
    await Promise.all(processes.map((each) => each.kill()));
    await memcached?.stop();
    await redis.stop();
  });

  it.each(CHANGES)('every L1 drops the value p99 within 20 ms of a foreign %s', async (_command, change) => {
    const figures = await spread(processes, ROUNDS, true, (key) => answered(change(redis.foreign, key)));
    expect(figures).toHaveLength(ROUNDS * processes.length);
    expect(p99(figures)).toBeLessThan(P99_MS);
  });

  it.each(CHANGES)('nobody serves the value any more after a foreign %s', async (_command, change) => {
    const figures = await spread(processes, 10, false, (key) => answered(change(redis.foreign, key)));
    expect(Math.max(...figures)).toBeLessThan(LATE_MS);
  });

  it('reads in flight do not bring a value back', async () => {
    const names = Array.from({ length: 30 }, (_, at) => `in-flight-${at}`);
    await Promise.all(names.map(async (key) => processes[0]?.call('set', key, 1)));
    const reading = processes.map((each) => each.call('read', names, 1_500));
    const goneAt = new Map<string, number>();
    for (const key of names) {
      await redis.foreign.del(id(key));
      goneAt.set(key, steadyMs());
    }
    const runs = (await Promise.all(reading)).flat();
    for (const { key, n, lastAskedAt } of runs) {
      const lateMs = lastAskedAt - (goneAt.get(key) ?? 0);
      if (n !== null) expect([key, lateMs < LATE_MS]).toEqual([key, true]);
    }
    // Every process found every key gone in the end.
    expect(new Set(runs.filter(({ n }) => n === null).map(({ key }) => key)).size).toBe(names.length);
  });
});
