import { z } from 'zod';
import { isoTime } from '../platform/time';
import { feedNameSchema } from './feed-names';
import { marketStatusSchema } from './market-status';

/** Who may hold the vendor's login, as one instance of market-data sees it. */
export const feedLeaseStatusSchema = z.object({
  /** `held` by this instance, `waiting` for another's to end, or `alone` without Redis and PostgreSQL. */
  state: z.enum(['held', 'waiting', 'alone']),
  /** This instance's name. */
  instance: z.string(),
  /** Whoever holds it; `null` when nobody is known to. */
  holder: z.string().nullable(),
  /** Number of the term, higher than any before; `null` while this instance does not hold the lease. */
  fence: z.number().int().positive().nullable(),
  /** The stores that answered when they were last asked. */
  answering: z.array(z.enum(['redis', 'postgresql'])),
});
export type FeedLeaseStatus = z.infer<typeof feedLeaseStatusSchema>;

/** State of one feed. */
export const feedStatusSchema = z.object({
  feed: feedNameSchema,
  /** True when prices are made up (simulator) or recorded (replay): people must be told. */
  simulated: z.boolean(),
  connected: z.boolean(),
  /** A tick was accepted within the last two heartbeats. */
  dataFlowing: z.boolean(),
  symbolsActive: z.number().int().nonnegative(),
  symbolsRequested: z.number().int().nonnegative(),
  /** Requested symbols the vendor did not accept, with its limit or its answer as the reason. */
  symbolsRefused: z.array(z.object({ symbol: z.string(), reason: z.string() })),
  /** Symbols with a price that is not to be relied on now. */
  symbolsStale: z.number().int().nonnegative().optional(),
  lastTickAt: isoTime.nullable(),
  /** Whether the exchange trades now; `null` where that has no meaning, as in a replay. */
  marketStatus: marketStatusSchema.nullish(),
  /** Instance that holds the vendor's login; `null` when none is known to. */
  /**
   * This machine's clock less the vendor's, as the quickest trade of the last minute shows it (ms); `null` before the first
   * trade.
   */
  clockOffsetMs: z.number().nullable().optional(),
  leaseHolder: z.string().nullable(),
  lease: feedLeaseStatusSchema,
  /** Connection attempts since the last success. */
  attempts: z.number().int().nonnegative(),
  lastError: z.string().nullable(),
  /** What the feed is doing now. */
  state: z.enum(['idle', 'connecting', 'connected', 'waiting', 'stopped', 'finished']),
  /** Trades accepted since start, by symbol: the count a recorded file can be checked against. */
  tradesBySymbol: z.record(z.string(), z.number().int().nonnegative()),
  ticksAccepted: z.number().int().nonnegative(),
  /** Rejected frames and ticks by reason. */
  rejected: z.record(z.string(), z.number().int().nonnegative()),
  /** Well-formed frames the platform has no use for, by kind (order-book depth, option greeks). */
  ignored: z.record(z.string(), z.number().int().nonnegative()),
  /** Connections made again after one was lost. */
  reconnects: z.number().int().nonnegative(),
  /** Trades the vendor numbered that neither arrived nor are part of a candle it gave. */
  missedTrades: z.number().int().nonnegative(),
});
export type FeedStatus = z.infer<typeof feedStatusSchema>;

/** Answer of `GET /api/v1/feed/status`: the first feed's, and every feed's by itself. */
export const feedsStatusSchema = feedStatusSchema.extend({ feeds: z.array(feedStatusSchema) });
export type FeedsStatus = z.infer<typeof feedsStatusSchema>;
