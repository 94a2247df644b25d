import { z } from 'zod';
import { isoTime } from './time';

const count = z.number().int().nonnegative();

/** Hits and misses as counted; `hitRate` is `null` before the first read. */
export const tierStatsSchema = z.object({
  tier: z.enum(['l1', 'l2', 'l3']),
  enabled: z.boolean(),
  hits: count,
  misses: count,
  hitRate: z.number().min(0).max(1).nullable(),
  errors: count,
});

/** A server as one process sees it. */
const linkStatusSchema = z.object({
  configured: z.boolean(),
  connected: z.boolean(),
  breaker: z.enum(['closed', 'open', 'half-open']),
  /** When the breaker last opened or closed. */
  since: isoTime.nullable(),
  lastError: z.string().nullable(),
  /** Round trip of the last probe. */
  latencyMs: z.number().nonnegative().nullable(),
});

/** An entry of Redis' slow log. What a command carried is never told: it may be a secret. */
export const slowCommandSchema = z.object({
  id: count,
  at: isoTime,
  durationMicroseconds: count,
  command: z.string(),
  /** How many arguments followed the command's name, the key included. */
  argumentCount: count,
  /** The first key, where it is one of the cache's; other keys may tell who somebody is. */
  key: z.string().nullable(),
});

export const redisStatusSchema = linkStatusSchema.extend({
  /** Read from INFO; `null` while Redis cannot be asked. */
  server: z
    .object({
      version: z.string(),
      usedMemoryBytes: count,
      maxMemoryBytes: count,
      connectedClients: count,
      opsPerSecond: count,
      evictedKeys: count,
      keyspaceHits: count,
      keyspaceMisses: count,
      /** The newest 10, newest first; `null` where the server does not let us read it. */
      slowLog: z.array(slowCommandSchema).nullable(),
    })
    .nullable(),
});

export const memcachedStatusSchema = linkStatusSchema.extend({
  /** Read from its statistics; `null` while Memcached cannot be asked. */
  server: z
    .object({
      version: z.string(),
      usedMemoryBytes: count,
      maxMemoryBytes: count,
      connectedClients: count,
      items: count,
      evictedItems: count,
    })
    .nullable(),
});

export const cacheStatsSchema = z.object({
  service: z.string(),
  tiers: z.array(tierStatsSchema),
  l1: z.object({ entries: count, maxEntries: count }),
  loads: count,
  redis: redisStatusSchema,
  /** Absent in services without L2. */
  memcached: memcachedStatusSchema.optional(),
});

export type TierStats = z.infer<typeof tierStatsSchema>;
export type RedisStatus = z.infer<typeof redisStatusSchema>;
export type SlowCommand = z.infer<typeof slowCommandSchema>;
export type MemcachedStatus = z.infer<typeof memcachedStatusSchema>;
export type CacheStats = z.infer<typeof cacheStatsSchema>;
