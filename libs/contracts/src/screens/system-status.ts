import { z } from 'zod';
import { feedStatusSchema } from '../market/feed-status';
import { liveSourceSchema } from '../market/live-source';
import { redisStatusSchema } from '../platform/cache-stats';
import { dependencyHealthSchema } from '../platform/health';
import { isoTime } from '../platform/time';

/** One service as the dashboard last saw it; nothing is assumed of a service that did not answer. */
export const serviceStatusSchema = z.object({
  name: z.string(),
  status: z.enum(['up', 'degraded', 'down']),
  /** How long the service took to answer; `null` when it did not. */
  latencyMs: z.number().nonnegative().nullable(),
  detail: z.string().nullable(),
  dependencies: z.record(z.string(), dependencyHealthSchema),
});

/** A feed as the dashboard shows it. */
const feedSummarySchema = feedStatusSchema.pick({
  feed: true,
  simulated: true,
  connected: true,
  dataFlowing: true,
  marketStatus: true,
  state: true,
  symbolsActive: true,
  symbolsRequested: true,
  lastTickAt: true,
  lastError: true,
});
export type FeedSummary = z.infer<typeof feedSummarySchema>;

/** `GET /api/v1/system/status`. */
export const systemStatusSchema = z.object({
  checkedAt: isoTime,
  services: z.array(serviceStatusSchema),
  /** The first of the feeds; `null` when market-data does not answer. */
  feed: feedSummarySchema.nullable(),
  /** Every feed by itself; empty when market-data does not answer. */
  feeds: z.array(feedSummarySchema),
  /** How this process reads live data, measured here. */
  live: z.object({
    source: liveSourceSchema,
    ageMs: z.number().nonnegative().nullable(),
    symbols: z.number().int().nonnegative(),
    framesApplied: z.number().int().nonnegative(),
    gaps: z.number().int().nonnegative(),
    sourceSwitches: z.number().int().nonnegative(),
  }),
  redis: redisStatusSchema.omit({ server: true }),
  /** Browsers on the live stream. */
  streamClients: z.number().int().nonnegative(),
});

export type ServiceStatus = z.infer<typeof serviceStatusSchema>;
export type SystemStatus = z.infer<typeof systemStatusSchema>;
