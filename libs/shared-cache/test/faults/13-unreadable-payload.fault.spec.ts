import type { INestApplicationContext } from '@nestjs/common';
import type { CacheService } from '../../src/cache/cache.service';
import { HEAD_BYTES } from '../../src/cache/record';
import { ValueCodec } from '../../src/cache/value.codec';
import { keys } from '../../src/contract/shared-cache.keys';
import type { PrivateRedis } from '../../src/testing';
import { waitFor } from '../../src/testing';
import { Registry } from 'prom-client';
import { sharedCache, startRedis } from '../harness';
import { joined } from '../processes/joined';
import { numbered } from '../workers/numbered';

describe('promise 13: corrupt, old-schema or foreign payload', () => {
  const metrics = new Registry();
  let redis: PrivateRedis;
  let contexts: INestApplicationContext[];
  let one: CacheService;
  /** Keeps its counts in `metrics`. */
  let other: CacheService;
  let tests = 0;
  let A: string;
  let id: string;

  beforeAll(async () => {
    redis = await startRedis();
    contexts = [await sharedCache(redis.options), await sharedCache(redis.options, {}, { metrics })];
    [one, other] = (await Promise.all(contexts.map(joined))) as [CacheService, CacheService];
  });

  beforeEach(() => {
    tests += 1;
    A = `A${tests}`;
    id = keys.cacheEntry('numbered', A);
  });

  afterAll(async () => {
    await Promise.all(contexts.map((context) => context.close()));
    await redis.stop();
  });

  /** Reads of Redis that found something this process could not read. */
  async function unreadable(): Promise<number> {
    const { values } = (await metrics.getSingleMetric('cache_reads_total')?.get()) ?? { values: [] };
    return (
      values.find(({ labels }) => labels['tier'] === 'l3' && labels['outcome'] === 'unreadable')?.value ?? 0
    );
  }

  const held = () => redis.foreign.getBuffer(id) as Promise<Buffer>;

  it.each<[string, () => Promise<unknown>]>([
    ['altered', () => redis.foreign.setrange(id, HEAD_BYTES, 'garbage')],
    ['cut short', async () => redis.foreign.set(id, (await held()).subarray(0, HEAD_BYTES + 4))],
    ['cut in its head', async () => redis.foreign.set(id, (await held()).subarray(0, HEAD_BYTES - 1))],
    ['emptied', () => redis.foreign.set(id, '')],
    ['replaced by text', () => redis.foreign.set(id, 'not ours')],
    ['replaced by JSON', () => redis.foreign.set(id, '{"v":2,"s":1,"e":99999999999999,"d":{"n":1}}')],
  ])('an entry that was %s is a counted miss, and is loaded over', async (_how, spoil) => {
    await one.set(numbered, A, { key: A, n: 1 });
    await spoil();
    const before = await unreadable();
    expect(await other.get(numbered, A)).toBeUndefined();
    expect(await unreadable()).toBe(before + 1);
    expect(await other.getOrSet(numbered, A, async () => ({ key: A, n: 2 }))).toEqual({ key: A, n: 2 });
    await waitFor(async () => (await one.get(numbered, A))?.n === 2);
  });

  it.each([
    ['a newer shape', { ...numbered, codec: new ValueCodec(numbered.schema, 2) }],
    ['an older shape', { ...numbered, codec: new ValueCodec(numbered.schema, 0) }],
  ])('an entry is a counted miss to a process of %s, which loads over it', async (_which, namespace) => {
    await one.set(numbered, A, { key: A, n: 1 });
    const before = await unreadable();
    expect(await other.get(namespace, A)).toBeUndefined();
    expect(await unreadable()).toBe(before + 1);
    expect(await other.getOrSet(namespace, A, async () => ({ key: A, n: 2 }))).toEqual({ key: A, n: 2 });
  });

  it.each<[string, () => Promise<unknown>]>([
    ['list', () => redis.foreign.rpush(id, 'x')],
    ['hash', () => redis.foreign.hset(id, 'field', 'x')],
    ['sorted set', () => redis.foreign.zadd(id, 1, 'x')],
  ])('a foreign %s under a key of ours fails no call', async (_type, spoil) => {
    await spoil();
    expect(await other.get(numbered, A)).toBeUndefined();
    expect(await other.getOrSet(numbered, A, async () => ({ key: A, n: 2 }))).toEqual({ key: A, n: 2 });
    expect((await other.getMany(numbered, [A])).get(A)).toEqual({ key: A, n: 2 });
    await other.delete(numbered, A);
    expect(await other.get(numbered, A)).toBeUndefined();
  });

  // Observed: every script answers WRONGTYPE to GET, so the write stays owed, is tried four times a second for ever, and
  // a warning is logged each time.
  it('a foreign list under a key of ours is replaced by what is written there', async () => {
    await redis.foreign.rpush(id, 'x');
    await other.set(numbered, A, { key: A, n: 2 });
    await waitFor(async () => (await one.get(numbered, A))?.n === 2, { timeoutMs: 2_000 });
  });

  describe('with any one bit flipped', () => {
    /** What each flipped copy of an entry reads as. */
    async function readings() {
      await one.set(numbered, A, { key: A, n: 7 });
      const bytes = await held();
      const found: unknown[] = [];
      for (let bit = 0; bit < bytes.length * 8; bit += 1) {
        const flipped = Buffer.from(bytes);
        flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        await redis.foreign.set(id, flipped);
        found.push(await other.get({ ...numbered, memory: false }, A));
      }
      return found;
    }

    it('an entry makes no call throw, and gives nothing that does not fit', async () => {
      for (const value of await readings()) {
        if (value !== undefined) expect(numbered.schema.safeParse(value).success).toBe(true);
      }
    });

    // Observed: 31 of 424 flips read as another number or name, as records in Redis carry no checksum.
    it('an entry gives no other value than was written', async () => {
      const other = (await readings()).filter((value) => value !== undefined);
      expect(other).toEqual(other.map(() => ({ key: A, n: 7 })));
    });
  });
});
