import { createTestDatabase, Database, type TestDatabase } from '@tickbridge/database';
import { RedisConnection } from '@tickbridge/shared-cache';
import { PrivateRedis, waitFor } from '@tickbridge/shared-cache/testing';
import { requiredVariable } from '../../test/service-process';
import { FeedLease } from './feed-lease';
import type { LeaseStore } from './lease-store';
import { LeaseTerm } from './lease-term';
import { PostgresLeaseStore } from './postgres.lease-store';
import { RedisLeaseStore } from './redis.lease-store';

describe('stores of the lease', () => {
  let server: PrivateRedis;
  let test: TestDatabase;
  let redis: RedisConnection;
  let database: Database;

  beforeAll(async () => {
    server = await PrivateRedis.start(requiredVariable('TEST_REDIS_PROGRAM'));
    test = await createTestDatabase(requiredVariable('TEST_DATABASE_URL'));
    redis = new RedisConnection({ value: { service: 'test', redis: server.options } });
    redis.onModuleInit();
    database = new Database({ value: { url: test.url, applicationName: 'test' } });
    database.onModuleInit();
    await database.whenReady();
    await waitFor(() => redis.available);
  });

  afterAll(async () => {
    await redis.onApplicationShutdown();
    await database.onApplicationShutdown();
    await server.stop();
    await test.drop();
  });

  const stores: Record<LeaseStore['name'], () => LeaseStore> = {
    redis: () => new RedisLeaseStore(redis, 'replay'),
    postgresql: () => new PostgresLeaseStore(database, 'replay'),
  };

  describe.each(['redis', 'postgresql'] as const)('%s', (name) => {
    const store = () => stores[name]();
    let base: number;

    beforeEach(async () => {
      const { holder, fence } = await store().read();
      base = fence ?? 0;
      if (holder !== null) await store().release(holder, base);
    });

    it('gives the lease to one, and to the next when it is given back', async () => {
      expect(await store().take('a', base + 1, 60_000)).toBe(true);
      expect(await store().take('b', base + 2, 60_000)).toBe(false);
      expect(await store().read()).toEqual({ holder: 'a', fence: base + 1 });
      await store().release('a', base + 1);
      expect(await store().read()).toEqual({ holder: null, fence: base + 1 });
      expect(await store().take('b', base + 2, 60_000)).toBe(true);
    });

    it('gives it to the next when it has run out, and never under a number used before', async () => {
      expect(await store().take('a', base + 1, 30)).toBe(true);
      await waitFor(async () => (await store().read()).holder === null);
      expect(await store().take('b', base + 1, 60_000)).toBe(false);
      expect(await store().take('b', base + 2, 60_000)).toBe(true);
      expect(await store().keep('a', base + 1, 60_000)).toBe(false);
    });

    it('renews for the holder, also after it ran out and nobody took it', async () => {
      expect(await store().take('a', base + 1, 30)).toBe(true);
      await waitFor(async () => (await store().read()).holder === null);
      expect(await store().keep('a', base + 1, 60_000)).toBe(true);
      expect((await store().read()).holder).toBe('a');
    });

    it('is told by the holder of a higher number what it missed', async () => {
      expect(await store().take('a', base + 1, 60_000)).toBe(true);
      expect(await store().keep('b', base + 2, 60_000)).toBe(true);
      expect(await store().keep('a', base + 1, 60_000)).toBe(false);
      expect(await store().read()).toEqual({ holder: 'b', fence: base + 2 });
    });

    it('gives back nothing that somebody else holds', async () => {
      expect(await store().take('a', base + 1, 60_000)).toBe(true);
      await store().release('b', base + 1);
      await store().release('a', base);
      expect((await store().read()).holder).toBe('a');
    });

    it('lets one of many have it', async () => {
      const names = Array.from({ length: 20 }, (_, index) => `instance-${index}`);
      const taken = await Promise.all(names.map((holder) => store().take(holder, base + 1, 60_000)));
      expect(taken.filter(Boolean)).toHaveLength(1);
    });
  });

  it('redis has forgotten the number after FLUSHALL, and says so', async () => {
    await stores.redis().take('a', 1_000_000, 60_000);
    await server.foreign.flushall();
    expect(await stores.redis().read()).toEqual({ holder: null, fence: null });
    expect(await stores.redis().keep('a', 1_000_000, 60_000)).toBe(true);
    expect(await stores.redis().read()).toEqual({ holder: 'a', fence: 1_000_000 });
  });
});

describe('the lease', () => {
  const times = { ttlMs: 400, marginMs: 100, renewMs: 50, pollMs: 20 };

  /** A store in memory whose answers a test can withhold. */
  class MemoryStore implements LeaseStore {
    away = false;
    constructor(
      readonly name: LeaseStore['name'],
      readonly durable: boolean,
      public record: { holder: string; fence: number; until: number } | null = null,
    ) {}

    read() {
      return this.answer(() => ({
        holder: this.record !== null && this.record.until > performance.now() ? this.record.holder : null,
        fence: this.record?.fence ?? (this.durable ? 0 : null),
      }));
    }
    take(holder: string, fence: number, ttlMs: number) {
      return this.answer(() => {
        if (this.record && this.record.until > performance.now() && this.record.holder !== holder)
          return false;
        if (fence <= (this.record?.fence ?? 0)) return false;
        this.record = { holder, fence, until: performance.now() + ttlMs };
        return true;
      });
    }
    keep(holder: string, fence: number, ttlMs: number) {
      return this.answer(() => {
        if (this.record && this.record.fence >= fence && this.record.holder !== holder) return false;
        if (this.record && this.record.fence > fence) return false;
        this.record = { holder, fence, until: performance.now() + ttlMs };
        return true;
      });
    }
    release(holder: string, fence: number) {
      return this.answer(() => {
        if (this.record?.holder === holder && this.record.fence === fence) this.record.until = 0;
      });
    }

    private answer<T>(give: () => T): Promise<T> {
      return this.away ? Promise.reject(new Error('away')) : Promise.resolve(give());
    }
  }

  const started: FeedLease[] = [];
  const instance = (name: string, stores: readonly LeaseStore[]) => {
    const term = new LeaseTerm();
    const lease = new FeedLease(name, stores, term, times);
    const events: string[] = [];
    lease.start({
      begun: () => events.push('begun'),
      ended: () => {
        events.push('ended');
        return Promise.resolve();
      },
      waiting: () => undefined,
    });
    started.push(lease);
    return { lease, term, events };
  };

  afterEach(() => Promise.all(started.splice(0).map((lease) => lease.stop())));

  it('is taken at once when both stores answer, and given back by a stop', async () => {
    const both = [new MemoryStore('postgresql', true), new MemoryStore('redis', false)];
    const { lease, events } = instance('a', both);
    await waitFor(() => lease.held);
    expect(lease.status()).toMatchObject({ state: 'held', holder: 'a', fence: 1 });
    await lease.stop();
    expect(events).toEqual(['begun', 'ended']);
    expect((await both[0]?.read())?.holder).toBeNull();
    expect((await both[1]?.read())?.holder).toBeNull();
  });

  it('is not taken from a store that just came back alone, so its holder can write itself in again', async () => {
    const database = new MemoryStore('postgresql', true);
    const redis = new MemoryStore('redis', false);
    const a = instance('a', [database, redis]);
    await waitFor(() => a.lease.held);
    redis.away = true;
    const b = instance('b', [database, redis]);
    await waitFor(() => b.lease.status().holder === 'a');
    // One goes as the other comes back empty: the worst that can happen to the holder.
    database.away = true;
    redis.record = null;
    redis.away = false;
    await waitFor(() => redis.record?.holder === 'a');
    const until = performance.now() + 3 * times.ttlMs;
    await waitFor(() => {
      expect([a.lease.held, b.lease.held]).toEqual([true, false]);
      return performance.now() > until;
    });
  });

  it('ends before the stores would give it to another when none of them answers', async () => {
    const database = new MemoryStore('postgresql', true);
    const redis = new MemoryStore('redis', false);
    const { lease, events } = instance('a', [database, redis]);
    await waitFor(() => lease.held);
    database.away = redis.away = true;
    await waitFor(() => !lease.held);
    // The clock ends the right to act, a timer tells of it a moment later; both before the stores would.
    await waitFor(() => events.length === 2);
    expect(database.record?.until).toBeGreaterThan(performance.now());
    expect(events).toEqual(['begun', 'ended']);
    expect(lease.waitingFor()).toContain('no answer from postgresql and redis');
    database.away = redis.away = false;
    await waitFor(() => lease.held);
    expect(lease.status().fence).toBe(2);
  });

  it('ends at once when a store names a later holder', async () => {
    const database = new MemoryStore('postgresql', true);
    const { lease, events } = instance('a', [database, new MemoryStore('redis', false)]);
    await waitFor(() => lease.held);
    database.record = { holder: 'b', fence: 9, until: performance.now() + 60_000 };
    await waitFor(() => events.includes('ended'));
    await waitFor(() => lease.waitingFor() === "waiting for the feed's lease held by b");
  });

  it('is not needed where no store is configured, and says so', () => {
    const { lease, term } = instance('a', []);
    expect(lease.status()).toMatchObject({ state: 'alone', holder: null, fence: null });
    expect([lease.held, term.fence()]).toEqual([true, 0]);
  });
});
