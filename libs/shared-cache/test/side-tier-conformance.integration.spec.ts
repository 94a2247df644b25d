import type { INestApplicationContext } from '@nestjs/common';
import { MemcachedConnection } from '../src/connection/memcached.connection';
import { describeSideTier, FakeSideServer, FakeSideTier, FaultProxy, waitFor } from '../src/testing';
import { sharedCache } from './harness';
import { PrivateMemcached } from './private-memcached';

describe('L2 on a real server', () => {
  let memcached: PrivateMemcached;
  let proxy: FaultProxy;
  let context: INestApplicationContext;

  describeSideTier(
    'MemcachedConnection',
    async () => {
      memcached = await PrivateMemcached.start();
      proxy = await FaultProxy.to(memcached.port);
      const address = { host: '127.0.0.1', port: proxy.port };
      context = await sharedCache(undefined, {}, { memcached: address });
      const tier = context.get(MemcachedConnection);
      await waitFor(() => tier.available);
      return {
        tier,
        until: waitFor,
        empty: () => memcached.tell('flush_all\r\n'),
        cut: async () => proxy.refuse(),
        heal: async () => proxy.heal(),
      };
    },
    async () => {
      await context.close();
      await proxy.close();
      await memcached.stop();
    },
  );
});

const server = new FakeSideServer();
const fake = new FakeSideTier(server);
fake.automatic = true;

describeSideTier(
  'FakeSideTier',
  async () => ({
    tier: fake,
    until: waitFor,
    empty: async () => server.evictAll(),
    cut: async () => fake.fail(),
    heal: async () => fake.recover(),
  }),
  async () => undefined,
);
