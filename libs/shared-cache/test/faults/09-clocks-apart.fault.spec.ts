import { type PrivateRedis, waitFor } from '../../src/testing';
import { startRedis } from '../harness';
import { CacheProcess } from '../processes/cache-process';
import { steadyMs } from '../workers/steady';

const QUARTER_HOUR_MS = 15 * 60_000;

/**
 * Real processes whose `Date` is wrong from before the library is loaded (see workers/clock-shift.ts); Redis and the
 * third process have the right time. Expiries of tokens and sessions are dates, and so are not part of this promise.
 */
describe('promise 9: clocks 15 min apart', () => {
  let redis: PrivateRedis;
  let processes: CacheProcess[];
  let ahead: CacheProcess;
  let behind: CacheProcess;
  let right: CacheProcess;

  const inAll = (key: string, n: number | null) =>
    waitFor(async () => {
      const found = await Promise.all(processes.map((each) => each.call('get', key)));
      return found.every((value) => value === n);
    });

  beforeAll(async () => {
    redis = await startRedis();
    processes = await CacheProcess.startAll(
      { redis: redis.options, clockShiftMs: QUARTER_HOUR_MS },
      { redis: redis.options, clockShiftMs: -QUARTER_HOUR_MS },
      { redis: redis.options },
    );
    [ahead, behind, right] = processes as [CacheProcess, CacheProcess, CacheProcess];
    await Promise.all(processes.map((process) => process.joined()));
  }, 60_000);

  afterAll(async () => {
    await Promise.all(processes.map((each) => each.kill()));
    await redis.stop();
  });

  it('the clocks are 15 minutes wrong, in both directions', async () => {
    const errors = await Promise.all(
      processes.map(async (each) => ((await each.call('wallClock')) - Date.now()) / QUARTER_HOUR_MS),
    );
    // Plus zero: half a millisecond of delay the other way round is -0.
    expect(errors.map((error) => Math.round(error) + 0)).toEqual([1, -1, 0]);
  });

  it('the last of several writes wins, whoever made it', async () => {
    for (let round = 0; round < 12; round += 1) {
      const key = `order-${round}`;
      const inTurn = [0, 1, 2].map((at) => processes[(at + round) % 3] as CacheProcess);
      for (const [at, each] of inTurn.entries()) await each.call('set', key, at + 1);
      await inAll(key, 3);
      await inTurn[0]?.call('delete', key);
      await inAll(key, null);
    }
  });

  it.each([
    ['ahead', () => ahead],
    ['behind', () => behind],
    ['right', () => right],
  ])(
    'a value of the process that is %s ends for all at its expiry, not before and not after',
    async (_n, of) => {
      const lifeMs = 700;
      const writtenAt = await of().call('set', 'life', 1, lifeMs);
      for (const each of processes) {
        const left = await each.call('ttl', 'life');
        expect(left).toBeLessThanOrEqual(lifeMs);
        expect(left).toBeGreaterThan(lifeMs - 100 - (steadyMs() - writtenAt));
      }
      await inAll('life', null);
      const livedMs = steadyMs() - writtenAt;
      expect(livedMs).toBeGreaterThan(lifeMs - 100);
      expect(livedMs).toBeLessThan(lifeMs + 1_500);
    },
  );

  it('the newest write of an outage wins, whoever made it', async () => {
    await redis.kill();
    await waitFor(async () => {
      const states = await Promise.all(processes.map((each) => each.call('state')));
      return states.every(({ available }) => !available);
    });
    const orders = [
      [ahead, behind, right],
      [behind, right, ahead],
      [right, ahead, behind],
    ];
    for (let turn = 0; turn < 3; turn += 1) {
      for (const [at, order] of orders.entries()) await order[turn]?.call('set', `outage-${at}`, turn + 1);
      const since = performance.now();
      // The server tells the order of moments that are at least its round trip apart.
      await waitFor(() => performance.now() - since > 60);
    }
    await redis.start();
    await Promise.all(processes.map((process) => process.joined()));
    for (const at of orders.keys()) await inAll(`outage-${at}`, 3);
  });
});
