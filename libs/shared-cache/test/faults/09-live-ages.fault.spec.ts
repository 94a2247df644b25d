import { RedisConnection } from '../../src/connection/redis.connection';
import { waitFor } from '../../src/testing';
import { aTick } from '../harness';
import { LiveMarket } from '../live-market';
import { CacheProcess } from '../processes/cache-process';

const QUARTER_HOUR_MS = 15 * 60_000;
const OLD_MS = 60_000;
/** A busy machine reads late; clocks that are taken for right are wrong by a hundred times as much. */
const SLACK_MS = 9_000;

/** Real processes whose `Date` is 15 min wrong read what a process with the right time publishes. */
describe('promise 9: a price is as old as it is, on machines whose clocks are 15 min apart', () => {
  let market: LiveMarket;
  let processes: CacheProcess[] = [];

  beforeEach(async () => {
    market = await LiveMarket.open();
    const feed = market.feed.context.get(RedisConnection);
    await waitFor(() => feed.clockOffsetMs !== null);
    market.feed.publisher.publish(aTick({ symbol: 'FRESH' }));
    market.feed.publisher.publish(aTick({ symbol: 'OLD', receivedAt: Date.now() - OLD_MS }));
    await waitFor(() => market.price('OLD') !== undefined);
  });

  afterEach(async () => {
    await Promise.all(processes.map((each) => each.kill()));
    processes = [];
    await market.close();
  });

  async function start(way: { redis: boolean; httpUrl?: string }): Promise<CacheProcess[]> {
    const { httpUrl } = way;
    const liveMarketData = { sources: ['simulator' as const], httpUrl };
    const redis = way.redis ? market.redis.options : undefined;
    processes = await CacheProcess.startAll(
      { redis, liveMarketData, clockShiftMs: -QUARTER_HOUR_MS },
      { redis, liveMarketData, clockShiftMs: QUARTER_HOUR_MS },
    );
    return processes;
  }

  /** Ages as each process tells them, once each has both prices. */
  async function agesOf(readers: readonly CacheProcess[], source: string): Promise<void> {
    for (const reader of readers) {
      const begun = Date.now();
      const old = await waitFor(async () => {
        const found = await reader.call('priceAge', 'OLD');
        return found?.source === source && found;
      });
      const slackMs = SLACK_MS + (Date.now() - begun);
      expect(old.ageMs).toBeGreaterThan(OLD_MS - SLACK_MS);
      expect(old.ageMs).toBeLessThan(OLD_MS + slackMs + START_MS);
      const fresh = await reader.call('priceAge', 'FRESH');
      expect(fresh?.ageMs).toBeLessThan(START_MS + slackMs);
      expect(old.ageMs - (fresh?.ageMs ?? 0)).toBeGreaterThan(OLD_MS - SLACK_MS);
    }
  }

  it('over Redis', async () => {
    await agesOf(await start({ redis: true }), 'redis');
  }, 60_000);

  it('from the hash of a feed process that is gone', async () => {
    await market.feed.stop();
    await agesOf(await start({ redis: true }), 'redis');
  }, 60_000);

  it('over HTTP, without Redis', async () => {
    await agesOf(await start({ redis: false, httpUrl: market.feed.httpUrl }), 'http');
  }, 60_000);
});

/** Processes take a while to start on a busy machine; prices grow old meanwhile. */
const START_MS = 50_000;
