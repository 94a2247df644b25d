import type { PrivateRedis } from '../../src/testing';
import { startRedis } from '../harness';
import { CacheProcess } from '../processes/cache-process';
import { steadyMs } from '../workers/steady';
import { loaded, RUNS_KEY } from '../workers/numbered';

const PROCESSES = 4;
const WAITERS = 250;

describe('promise 11: loader fails under 1,000 waiters', () => {
  let redis: PrivateRedis;
  let processes: CacheProcess[];

  beforeAll(async () => {
    redis = await startRedis();
    processes = await CacheProcess.startAll(
      ...Array.from({ length: PROCESSES }, () => ({ redis: redis.options })),
    );
    await Promise.all(processes.map((each) => each.joined()));
  }, 60_000);

  beforeEach(() => redis.foreign.del(RUNS_KEY));

  afterAll(async () => {
    await Promise.all(processes.map((each) => each.kill()));
    await redis.stop();
  });

  const loadInAll = (key: string, how: { takesMs: number; fails: boolean }) =>
    Promise.all(processes.map((each) => each.call('load', key, { callers: WAITERS, ...how })));

  it('it runs once, and all waiters of all processes are told', async () => {
    const outcomes = await loadInAll('once', { takesMs: 100, fails: true });
    expect(outcomes).toEqual(
      processes.map(() => ({
        callers: WAITERS,
        runs: [],
        failed: WAITERS,
        errors: [expect.stringMatching(/^(Error|CacheLoadError)$/)],
      })),
    );
    expect(await redis.foreign.get(RUNS_KEY)).toBe('1');
  });

  it('it runs once per back-off window, however often all ask again, and heals', async () => {
    const startedAt = steadyMs();
    let asked = 0;
    while (steadyMs() - startedAt < 4 * loaded.backoffMs) {
      const outcomes = await loadInAll('windows', { takesMs: 5, fails: true });
      for (const { callers, failed } of outcomes) expect(failed).toBe(callers);
      asked += PROCESSES * WAITERS;
    }
    const windows = Math.ceil((steadyMs() - startedAt) / loaded.backoffMs);
    const runs = Number(await redis.foreign.get(RUNS_KEY));
    expect(runs).toBeGreaterThanOrEqual(2);
    expect(runs).toBeLessThanOrEqual(windows);
    expect(asked).toBeGreaterThan(runs * 1_000);

    // Once the loader works again, so does everybody, after one more back-off at most.
    let healed = false;
    while (!healed) {
      const outcomes = await loadInAll('windows', { takesMs: 5, fails: false });
      healed = outcomes.every(({ failed }) => failed === 0);
    }
    expect(steadyMs() - startedAt).toBeLessThan((windows + 2) * loaded.backoffMs + 2_000);
  });
});
