import { type PrivateRedis, waitFor } from '../../src/testing';
import { keys } from '../../src/contract/shared-cache.keys';
import { startRedis } from '../harness';
import { CacheProcess } from '../processes/cache-process';

describe('promise 4: Redis returns', () => {
  let redis: PrivateRedis;
  let processes: CacheProcess[];

  const away = () =>
    waitFor(async () => {
      const states = await Promise.all(processes.map((each) => each.call('state')));
      return states.every(({ available }) => !available);
    });
  const inAll = (key: string, n: number | null) =>
    waitFor(async () => {
      const found = await Promise.all(processes.map((each) => each.call('get', key)));
      return found.every((value) => value === n);
    });

  beforeAll(async () => {
    redis = await startRedis();
    const each = { redis: redis.options };
    processes = await CacheProcess.startAll(each, each, each);
    await Promise.all(processes.map((process) => process.joined()));
  }, 60_000);

  afterAll(async () => {
    await Promise.all(processes.map((each) => each.kill()));
    await redis.stop();
  });

  it.each([
    ['it was killed and came back empty', () => redis.kill(), () => redis.start()],
    ['it hung and goes on with what it had', async () => redis.pause(), async () => redis.resume()],
  ])('all are back within 5 s and agree on the newest write when %s', async (how, leave, comeBack) => {
    const [one, two, three] = processes as [CacheProcess, CacheProcess, CacheProcess];
    const key = (name: string) => `${name}, ${how}`;
    const [A, B, C, D] = [key('A'), key('B'), key('C'), key('D')] as const;
    await one.call('set', A, 1);
    await two.call('set', B, 1);
    await inAll(A, 1);

    await leave();
    await away();
    // Each process writes for itself; what is newest is the order in which they did.
    await one.call('set', A, 2);
    await three.call('set', C, 2);
    await later();
    await two.call('set', A, 3);
    await three.call('delete', B);
    await one.call('delete', C);
    await later();
    await three.call('set', A, 4);
    await two.call('set', D, 4);
    await comeBack();

    const backAt = performance.now();
    await Promise.all(processes.map((each) => each.joined()));
    expect(performance.now() - backAt).toBeLessThan(5_000);
    await inAll(A, 4);
    await inAll(D, 4);
    // Deleted last: gone for all, also in Redis.
    await inAll(B, null);
    await inAll(C, null);
    expect(await redis.foreign.exists(keys.cacheEntry('numbered', B))).toBe(0);
    expect(await redis.foreign.exists(keys.cacheEntry('numbered', A))).toBe(1);
  });
});

/** The server tells the order of moments that are at least its round trip apart. */
function later(): Promise<unknown> {
  const since = performance.now();
  return waitFor(() => performance.now() - since > 60);
}
