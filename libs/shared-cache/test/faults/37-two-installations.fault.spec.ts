import type { INestApplicationContext } from '@nestjs/common';
import { RedisConnection } from '../../src/connection/redis.connection';
import { LiveMarketData } from '../../src/live-market-data/live-market-data';
import { LiveMarketPublishers } from '../../src/live-market-data/live-market.publishers';
import type { SharedCacheOptions } from '../../src/contract/shared-cache.options';
import { SignalBuffer } from '../../src/signal-buffer/signal-buffer';
import { type PrivateRedis, waitFor } from '../../src/testing';
import { aSignal, aTick, PATIENT, sharedCache, startRedis } from '../harness';

const live = { liveMarketData: { sources: ['simulator'] } } satisfies Partial<SharedCacheOptions>;

describe('promise 37: two installations on one Redis', () => {
  let redis: PrivateRedis;
  let contexts: INestApplicationContext[];

  const start = async (installation: string, own: object, publisher = false) => {
    const context = await sharedCache(
      { ...redis.options, ...own },
      { liveMarketData: publisher ? 'publisher' : 'reader', signals: true },
      { ...PATIENT, ...live, installation },
    );
    contexts.push(context);
    return context;
  };
  const isAvailable = (context: INestApplicationContext) =>
    waitFor(() => context.get(RedisConnection).available, { timeoutMs: 10_000 });

  beforeEach(async () => {
    redis = await startRedis();
    contexts = [];
  });
  afterEach(async () => {
    for (const context of contexts) await context.close();
    await redis.stop();
  });

  it.each([
    ['in different databases', {}, { db: 1 }],
    ['with different prefixes', { keyPrefix: 'one:' }, { keyPrefix: 'two:' }],
  ])(
    '%s see neither prices nor signals of each other',
    async (_how, own, other) => {
      const feeds = [await start('one', own, true), await start('two', other, true)];
      const readers = [await start('one', own), await start('two', other)];
      for (const context of contexts) await isAvailable(context);
      for (const [index, feed] of feeds.entries()) {
        const publisher = feed.get(LiveMarketPublishers).of('simulator');
        for (let sequence = 1; sequence <= 20; sequence += 1)
          publisher.publish(aTick({ sequence, symbol: `S${index}`, lastPrice: sequence }));
        await feed.get(SignalBuffer).append(aSignal({ symbol: `S${index}` }));
      }
      for (const [index, reader] of readers.entries()) {
        const market = reader.get(LiveMarketData);
        await waitFor(() => market.get(`S${index}`)?.tick.lastPrice === 20);
        expect(market.get(`S${1 - index}`)).toBeUndefined();
        const signals = await reader.get(SignalBuffer).recent();
        expect(signals.map(({ symbol }) => symbol)).toEqual([`S${index}`]);
      }
    },
    60_000,
  );

  it('in one database under one name: the second goes on without Redis and says why, until the first is gone', async () => {
    const first = await start('one', {});
    await isAvailable(first);
    const second = await start('two', {});
    const connection = second.get(RedisConnection);
    await waitFor(() => connection.health().detail?.includes('belongs to the installation one'));
    expect(connection.available).toBe(false);
    expect(connection.health().detail).toContain('INSTALLATION_PREFIX');
    await first.close();
    contexts.splice(contexts.indexOf(first), 1);
    // Nobody renews it any more.
    await redis.foreign.pexpire('installation', 1);
    await isAvailable(second);
  }, 60_000);
});
