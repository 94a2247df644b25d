import type { INestApplicationContext } from '@nestjs/common';
import { z } from 'zod';
import { type CacheBehaviour, cacheNamespace } from '../src/cache/cache.namespace';
import { CacheService } from '../src/cache/cache.service';
import { CacheWarmUp } from '../src/cache/cache-warm-up';
import type { SharedCacheOptions } from '../src/contract/shared-cache.options';
import { waitFor } from '../src/testing';
import { sharedCache } from './harness';

const schema = z.number();
const numbers = cacheNamespace({ name: 'numbers', version: 1, kind: 'overview', schema });
const personal = cacheNamespace({ name: 'personal', version: 1, kind: 'overview', schema, scope: 'user' });

describe('options that cannot be used are refused by name', () => {
  it.each<[keyof CacheBehaviour, number]>([
    ['graceMs', Number.POSITIVE_INFINITY],
    ['graceMs', Number.NaN],
    ['negativeTtlMs', -1],
    ['softTimeoutMs', 0],
    ['hardTimeoutMs', Number.POSITIVE_INFINITY],
    ['leaseMs', 0],
    ['ttlJitter', 5],
    ['ttlJitter', -1],
    ['refreshAheadAt', 2],
  ])('%s: %p', (option, value) => {
    const declare = () =>
      cacheNamespace({ name: 'never', version: 1, kind: 'overview', schema, [option]: value });
    expect(declare).toThrow(TypeError);
    expect(declare).toThrow(`never: ${option}`);
  });

  it('an unknown kind, and the name of the response cache', () => {
    const declare = (name: string, kind: string) => () =>
      cacheNamespace({ name, version: 1, kind: kind as 'overview', schema });
    expect(declare('never', 'tomorrow')).toThrow('no TTL policy');
    expect(declare('http', 'overview')).toThrow('response cache');
  });

  it('takes an option that is undefined for one that is not there', () => {
    const { graceMs, leaseMs } = cacheNamespace({
      name: 'sparse',
      version: 1,
      kind: 'overview',
      schema,
      ...({ graceMs: undefined, leaseMs: undefined } as object),
    });
    expect([graceMs, leaseMs]).toEqual([0, 2_000]);
  });

  it.each<[keyof SharedCacheOptions, number]>([
    ['l1MaxEntries', -1],
    ['l1MaxBytes', Number.NaN],
    ['selfCheckIntervalMs', 0],
    ['sessionIdleMs', Number.NaN],
    ['operationDeadlineMs', Number.POSITIVE_INFINITY],
  ])('%s of the module: %p', async (option, value) => {
    await expect(sharedCache(undefined, {}, { [option]: value })).rejects.toThrow(option);
  });
});

describe('a cache without Redis', () => {
  let context: INestApplicationContext;
  let cache: CacheService;

  beforeAll(async () => {
    context = await sharedCache(undefined);
    cache = context.get(CacheService);
  });
  afterAll(() => context.close());

  it.each([0, -5, Number.NaN, Number.POSITIVE_INFINITY])('refuses a life of %p', async (ttlMs) => {
    await expect(cache.set(numbers, 'A', 1, { ttlMs })).rejects.toThrow('ttlMs');
    await expect(cache.getOrSet(numbers, 'A', async () => 1, ttlMs)).rejects.toThrow('ttlMs');
  });

  it.each([undefined, null, '', 7, '\ud800'])('knows no part of user %p', (id) => {
    expect(() => personal.of(id as string)).toThrow(TypeError);
  });

  it('gives nobody a value through all users’ parts together', async () => {
    await cache.set(personal.of('alice'), 'open', 1);
    expect(() => cache.peek(personal.all, 'alice/open')).toThrow(TypeError);
    await expect(cache.delete(personal.all, 'alice/open')).rejects.toThrow(TypeError);
    expect(await cache.get(personal.of('alice'), 'open')).toBe(1);
  });

  it('warms up from an object with a state of its own', async () => {
    class Quotes {
      readonly namespace = numbers;
      private readonly value = 5;
      keys() {
        return ['warm'];
      }
      async load() {
        return this.value;
      }
    }
    const warmUp = context.get(CacheWarmUp);
    warmUp.declare(new Quotes());
    await waitFor(() => warmUp.progress[0]?.state === 'done');
    expect(cache.peek(numbers, 'warm')).toBe(5);
  });
});
