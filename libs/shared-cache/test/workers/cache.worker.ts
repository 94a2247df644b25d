import './clock-shift';
import 'reflect-metadata';
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { CacheService } from '../../src/cache/cache.service';
import { Coherence } from '../../src/cache/coherence';
import { RedisConnection } from '../../src/connection/redis.connection';
import { LiveMarketData } from '../../src/live-market-data/live-market-data';
import { MemcachedConnection } from '../../src/connection/memcached.connection';
import type { SharedCacheOptions } from '../../src/contract/shared-cache.options';
import { sharedCache } from '../harness';
import { steadyMs } from './steady';
import { loaded, numbered, RUNS_KEY } from './numbered';

// One process of the platform, which does what its parent tells it over the process channel.
//   argv: what to start with, as JSON

/** What a process is started with. */
export interface WorkerOptions extends Partial<SharedCacheOptions> {
  /** By how much this process's wall clock is wrong (milliseconds). */
  clockShiftMs?: number;
}

/** Reads of a key one after the other that gave the same. */
export interface Run {
  readonly key: string;
  /** `null`: nothing was found. */
  readonly n: number | null;
  /** Key the value was written under. */
  readonly writtenUnder: string | null;
  /** When the last of these reads began (steady milliseconds of the machine). */
  lastAskedAt: number;
}

const options = JSON.parse(process.argv[2] ?? '{}') as WorkerOptions;

async function open() {
  const parts = options.liveMarketData ? { liveMarketData: 'reader' as const } : {};
  const context = await sharedCache(options.redis, parts, options);
  const cache = context.get(CacheService);
  const redis = context.get(RedisConnection);
  const memcached = context.get(MemcachedConnection);
  const counter = new Redis({ ...options.redis, lazyConnect: true });
  let loading = false;

  const load = async (key: string, takesMs: number, fails: boolean) => {
    const n = await counter.incr(RUNS_KEY);
    loading = true;
    await sleep(takesMs);
    loading = false;
    if (fails) throw new Error('vendor down');
    return { key, n };
  };

  return {
    async state() {
      return {
        available: redis.available,
        armed: context.get(Coherence).armed,
        side: memcached.available,
        health: redis.health(),
      };
    },
    /** How old a symbol's price is by this process; `null` while it has none. */
    async priceAge(symbol: string) {
      const live = context.get(LiveMarketData);
      const found = live.get(symbol);
      return found ? { ageMs: found.ageMs, source: found.source, marketAgeMs: live.getAll().ageMs } : null;
    },
    async wallClock() {
      return Date.now();
    },
    /** Whether a loader runs here. */
    async loading() {
      return loading;
    },
    async stats() {
      return cache.stats();
    },
    /** @returns when the call was back */
    async set(key: string, n: number, ttlMs?: number) {
      await cache.set(numbered, key, { key, n }, ttlMs === undefined ? {} : { ttlMs });
      return steadyMs();
    },
    /** @returns when the call was back */
    async delete(key: string) {
      await cache.delete(numbered, key);
      return steadyMs();
    },
    async get(key: string) {
      return (await cache.get(numbered, key))?.n ?? null;
    },
    async ttl(key: string) {
      return (await cache.ttl(numbered, key)) ?? null;
    },
    /** Reads until the value with that number is served, and from memory if asked for. */
    async hold(key: string, n: number, inMemory: boolean) {
      while ((await cache.get(numbered, key))?.n !== n || (inMemory && !cache.peek(numbered, key))) {
        await sleep(1);
      }
    },
    /** @returns when the value with that number was first seen to be no longer served */
    async watch(key: string, n: number, inMemory: boolean) {
      const look = () => (inMemory ? cache.peek(numbered, key) : cache.get(numbered, key));
      while ((await look())?.n === n) await sleep(1);
      return steadyMs();
    },
    /** Many callers at once of one key; its loader counts its runs. */
    async load(key: string, { callers = 1, takesMs = 0, fails = false }) {
      if (counter.status === 'wait') await counter.connect();
      const outcomes = await Promise.allSettled(
        Array.from({ length: callers }, () => cache.getOrSet(loaded, key, () => load(key, takesMs, fails))),
      );
      const values = outcomes.map((each) => (each.status === 'fulfilled' ? each.value.n : null));
      const told = outcomes.map((each) => (each.status === 'rejected' ? (each.reason as Error).name : null));
      return {
        callers: outcomes.length,
        runs: [...new Set(values)].filter((run) => run !== null),
        failed: told.filter((name) => name !== null).length,
        errors: [...new Set(told)].filter((name) => name !== null),
      };
    },
    /** Deletes what was loaded. */
    async forget(key: string) {
      return cache.delete(loaded, key);
    },
    /** Reads keys round and round for so long. */
    async read(wanted: string[], forMs: number): Promise<Run[]> {
      const runs = new Map<string, Run[]>(wanted.map((key) => [key, []]));
      const endsAt = steadyMs() + forMs;
      while (steadyMs() < endsAt) {
        for (const key of wanted) {
          const askedAt = steadyMs();
          const value = await cache.get(numbered, key);
          const last = runs.get(key)?.at(-1);
          const n = value?.n ?? null;
          if (last && last.n === n && last.writtenUnder === (value?.key ?? null)) last.lastAskedAt = askedAt;
          else runs.get(key)?.push({ key, n, writtenUnder: value?.key ?? null, lastAskedAt: askedAt });
        }
        await sleep(0);
      }
      return [...runs.values()].flat();
    },
  };
}

/** What a process can be told to do. */
export type Commands = Awaited<ReturnType<typeof open>>;

export interface Call {
  readonly id: number;
  readonly command: keyof Commands;
  readonly args: readonly never[];
}

export type Answer =
  | { readonly ready: true }
  | { readonly id: number; readonly answer: unknown }
  | { readonly id: number; readonly error: string };

async function main(): Promise<void> {
  const commands = await open();
  const answer = (message: Answer) => process.send?.(message);
  process.on('message', ({ id, command, args }: Call) => {
    const work = (commands[command] as (...given: readonly never[]) => Promise<unknown>)(...args);
    work.then(
      (result) => answer({ id, answer: result }),
      (error: Error) => answer({ id, error: error.stack ?? error.message }),
    );
  });
  process.on('disconnect', () => process.exit());
  answer({ ready: true });
}

void main();
