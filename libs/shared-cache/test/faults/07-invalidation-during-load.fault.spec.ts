import { type PrivateRedis, waitFor } from '../../src/testing';
import { startRedis } from '../harness';
import { CacheProcess } from '../processes/cache-process';
import { spread } from '../processes/spread';
import { p99 } from '../workers/steady';
import { PrivateMemcached } from '../private-memcached';

const ROUNDS = 200;
/** The promise is 50 ms; the bound leaves room for a busy machine. */
const PEERS_P99_MS = 250;

// The seeded interleavings this promise is checked over are in cache-interleavings.spec.ts.
describe.each([
  ['Redis', false],
  ['Redis and Memcached', true],
])('promise 7: invalidation during a load, with %s', (_tiers, side) => {
  let redis: PrivateRedis;
  let memcached: PrivateMemcached | undefined;
  let processes: CacheProcess[];
  let one: CacheProcess;
  let other: CacheProcess;

  beforeAll(async () => {
    redis = await startRedis();
    memcached = side ? await PrivateMemcached.start() : undefined;
    // With hardly any memory each read asks Memcached.
    const each = {
      redis: redis.options,
      ...(memcached && { memcached: memcached.address, l1MaxEntries: 1 }),
    };
    processes = await CacheProcess.startAll(each, each);
    await Promise.all(processes.map((process) => process.joined(side)));
    [one, other] = processes as [CacheProcess, CacheProcess];
  }, 60_000);

  afterAll(async () => {
    await Promise.all(processes.map((each) => each.kill()));
    await memcached?.stop();
    await redis.stop();
  });

  it.each([
    ['a write', (key: string) => one.call('set', key, 2)],
    ['a deletion', (key: string) => one.call('delete', key)],
  ])(`a peer lets go of the old value p99 within 50 ms of %s`, async (_what, change) => {
    const figures = await spread([other], ROUNDS, false, change);
    expect(figures).toHaveLength(ROUNDS);
    expect(p99(figures)).toBeLessThan(PEERS_P99_MS);
  });

  it('the process that invalidates never serves the old value again, not once it was back', async () => {
    const keys = Array.from({ length: 20 }, (_, at) => `own-${at}`);
    await Promise.all(keys.map((key) => other.call('set', key, 1)));
    const reading = one.call('read', keys, 600);
    const deletedAt = new Map<string, number>();
    for (const key of keys) deletedAt.set(key, await one.call('delete', key));
    for (const { key, n, lastAskedAt } of await reading) {
      if (n !== null) expect([key, lastAskedAt < (deletedAt.get(key) ?? 0)]).toEqual([key, true]);
    }
  });

  it('what a peer was loading meanwhile is not kept by anybody', async () => {
    for (let round = 0; round < 10; round += 1) {
      const key = `loading-${round}`;
      const loading = other.call('load', key, { takesMs: 400 });
      await waitFor(() => other.call('loading'), { everyMs: 1 });
      await one.call('forget', key);
      const { runs } = await loading;
      expect(runs).toHaveLength(1);
      // What either finds from now on was loaded after the invalidation.
      for (const each of processes) {
        const again = await each.call('load', key, {});
        expect(again.runs[0]).toBeGreaterThan(runs[0] as number);
      }
    }
  });
});
