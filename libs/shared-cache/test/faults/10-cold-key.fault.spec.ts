import type { PrivateRedis } from '../../src/testing';
import { waitFor } from '../../src/testing';
import { startRedis } from '../harness';
import { CacheProcess } from '../processes/cache-process';
import { RUNS_KEY } from '../workers/numbered';

const PROCESSES = 4;
const CALLERS = 1_000;

describe('promise 10: 1,000 callers in each of 4 processes on a cold key', () => {
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

  it('runs the loader exactly once', async () => {
    const outcomes = await Promise.all(
      processes.map((each) => each.call('load', 'cold', { callers: CALLERS, takesMs: 100 })),
    );
    expect(outcomes).toEqual(processes.map(() => ({ callers: CALLERS, runs: [1], failed: 0, errors: [] })));
    expect(await redis.foreign.get(RUNS_KEY)).toBe('1');
  });

  // The last test here: it leaves a process fewer.
  it('runs it at most twice when the process that loads is killed', async () => {
    const calls = processes.map((each) => ({
      each,
      outcome: each
        .call('load', 'killed', { callers: CALLERS, takesMs: 1_500 })
        .catch((e: Error) => e.message),
    }));
    const holder = await waitFor(async () => {
      const loading = await Promise.all(processes.map((each) => each.call('loading')));
      return processes[loading.indexOf(true)];
    });
    await holder.kill();
    const others = calls.filter(({ each }) => each !== holder);
    expect(await Promise.all(others.map(({ outcome }) => outcome))).toEqual(
      others.map(() => ({ callers: CALLERS, runs: [2], failed: 0, errors: [] })),
    );
    expect(await redis.foreign.get(RUNS_KEY)).toBe('2');
  });
});
