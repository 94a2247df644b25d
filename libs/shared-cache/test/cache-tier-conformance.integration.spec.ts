import type { INestApplicationContext } from '@nestjs/common';
import { Coherence } from '../src/cache/coherence';
import { RedisTier } from '../src/cache/redis.tier';
import { RedisConnection } from '../src/connection/redis.connection';
import {
  describeSharedTier,
  FakeServer,
  FakeTier,
  FaultProxy,
  type PrivateRedis,
  VirtualClock,
  VirtualTime,
  waitFor,
} from '../src/testing';
import { PATIENT, sharedCache, startRedis } from './harness';

describe('RedisTier on a real server', () => {
  let redis: PrivateRedis;
  let proxy: FaultProxy;
  let contexts: INestApplicationContext[];
  const joined = (context: INestApplicationContext) =>
    waitFor(() => context.get(RedisConnection).available && context.get(Coherence).armed);

  describeSharedTier(
    'RedisTier',
    async () => {
      redis = await startRedis();
      proxy = await FaultProxy.to(redis.port);
      const ways = [{ host: '127.0.0.1', port: proxy.port }, redis.options];
      contexts = await Promise.all(ways.map((way) => sharedCache(way, {}, PATIENT)));
      await Promise.all(contexts.map(joined));
      const [mine, others] = contexts as [INestApplicationContext, INestApplicationContext];
      return {
        tier: mine.get(RedisTier),
        peer: others.get(RedisTier),
        now: () => performance.now(),
        pass: async (ms) => {
          const end = performance.now() + ms;
          await waitFor(() => performance.now() >= end, { everyMs: 1 });
        },
        until: waitFor,
        foreign: (key, bytes) =>
          bytes ? redis.foreign.set(key, Buffer.from(bytes)) : redis.foreign.del(key),
        flush: () => redis.foreign.flushall(),
        cut: async () => {
          proxy.refuse();
          await waitFor(() => !mine.get(RedisConnection).available);
        },
        heal: async () => {
          proxy.heal();
          await joined(mine);
        },
      };
    },
    async () => {
      await Promise.all(contexts.map((context) => context.close()));
      await proxy.close();
      await redis.stop();
    },
  );
});

describe('FakeTier in virtual time', () => {
  describeSharedTier(
    'FakeTier',
    async () => {
      const time = new VirtualTime();
      const server = new FakeServer(time);
      const clock = new VirtualClock(time, 7_000);
      const tier = new FakeTier(server, clock);
      const peer = new FakeTier(server, new VirtualClock(time, 90_000));
      for (const each of [tier, peer]) {
        each.automatic = true;
        each.relink();
      }
      const until = (condition: () => boolean) => waitFor(condition, { everyMs: 0 });
      await until(() => tier.armed && peer.armed);
      time.advance(10_000);
      return {
        tier,
        peer,
        now: () => clock.now(),
        pass: async (ms) => time.advance(ms),
        until,
        foreign: async (key, bytes) => server.foreign(key, bytes),
        flush: async () => server.flush(),
        cut: async () => tier.drop(),
        heal: async () => tier.reconnect(),
      };
    },
    async () => undefined,
  );
});
