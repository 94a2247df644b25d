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

export const redisStatusSchema = z.object({
  configured: z.boolean(),
  connected: z.boolean(),
  breaker: z.enum(['closed', 'open', 'half-open']),
  /** When the breaker last opened or closed. */
  since: isoTime.nullable(),
  lastError: z.string().nullable(),
  /** Round trip of the last probe. */
  latencyMs: z.number().nonnegative().nullable(),
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
    })
    .nullable(),
});

export const cacheStatsSchema = z.object({
  service: z.string(),
  tiers: z.array(tierStatsSchema),
  l1: z.object({ entries: count, maxEntries: count }),
  loads: count,
  redis: redisStatusSchema,
});

export type TierStats = z.infer<typeof tierStatsSchema>;
export type RedisStatus = z.infer<typeof redisStatusSchema>;
export type CacheStats = z.infer<typeof cacheStatsSchema>;
