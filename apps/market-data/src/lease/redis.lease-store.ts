import type { FeedName } from '@tickbridge/contracts';
import { keys, type RedisConnection } from '@tickbridge/shared-cache';
import type { LeaseRecord, LeaseStore } from './lease-store';

/** Longer than a call of the hot path: the lease rather waits than goes to PostgreSQL alone (ms). */
const DEADLINE_MS = 700;

// KEYS of all: lease, live meta (its field `fence` outlives the lease and guards the frames).
const TAKE = `
local current = redis.call('GET', KEYS[1])
if current and string.match(current, '^(.*) %d+$') ~= ARGV[1] then return 0 end
if tonumber(ARGV[2]) <= (tonumber(redis.call('HGET', KEYS[2], 'fence')) or 0) then return 0 end
redis.call('SET', KEYS[1], ARGV[1] .. ' ' .. ARGV[2], 'PX', ARGV[3])
redis.call('HSET', KEYS[2], 'fence', ARGV[2])
return 1`;

const KEEP = `
local mine = ARGV[1] .. ' ' .. ARGV[2]
local fence = tonumber(ARGV[2])
local current = redis.call('GET', KEYS[1])
if (tonumber(redis.call('HGET', KEYS[2], 'fence')) or 0) > fence then return 0 end
if current and current ~= mine and (tonumber(string.match(current, '(%d+)$')) or 0) >= fence then return 0 end
redis.call('SET', KEYS[1], mine, 'PX', ARGV[3])
redis.call('HSET', KEYS[2], 'fence', ARGV[2])
return 1`;

const RELEASE = `
if redis.call('GET', KEYS[1]) == ARGV[1] .. ' ' .. ARGV[2] then redis.call('DEL', KEYS[1]) end
return 1`;

/** The lease in Redis: quick, visible to everybody, and gone when Redis is emptied. */
export class RedisLeaseStore implements LeaseStore {
  readonly name = 'redis';
  readonly durable = false;

  constructor(
    private readonly redis: RedisConnection,
    private readonly feed: FeedName,
  ) {}

  async read(): Promise<LeaseRecord> {
    const [value, fence] = await this.redis.run(
      (redis) =>
        Promise.all([redis.get(keys.feedLease(this.feed)), redis.hget(keys.liveMeta(this.feed), 'fence')]),
      DEADLINE_MS,
    );
    return {
      holder: value === null ? null : value.slice(0, value.lastIndexOf(' ')),
      fence: fence === null ? null : Number(fence),
    };
  }

  async take(holder: string, fence: number, ttlMs: number): Promise<boolean> {
    return (await this.run(TAKE, holder, fence, ttlMs)) === 1;
  }

  async keep(holder: string, fence: number, ttlMs: number): Promise<boolean> {
    return (await this.run(KEEP, holder, fence, ttlMs)) === 1;
  }

  async release(holder: string, fence: number): Promise<void> {
    await this.run(RELEASE, holder, fence);
  }

  private run(script: string, ...args: (string | number)[]): Promise<unknown> {
    const { feed } = this;
    return this.redis.run(
      (redis) => redis.eval(script, 2, keys.feedLease(feed), keys.liveMeta(feed), ...args),
      DEADLINE_MS,
    );
  }
}
