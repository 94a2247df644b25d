import { z } from 'zod';
import { feedNameSchema } from '../market/feed-names';
import { isoTime } from '../platform/time';

export const signalActionSchema = z.enum(['BUY', 'SELL', 'EXIT']);

/** What a strategy wants done, and why. */
export const signalSchema = z.object({
  /** Derived from feed, strategy, symbol, bar and action: the same input gives the same id. */
  id: z.uuid(),
  /** The feed whose prices it was decided on. */
  source: feedNameSchema,
  symbol: z.string().min(1),
  /** The account it is meant for; absent where every account of the feed decides on it. */
  accountId: z.string().min(1).optional(),
  action: signalActionSchema,
  strength: z.number().min(0).max(1),
  confidence: z.number().min(0).max(1),
  /** Price the strategy saw when it decided. */
  price: z.number().positive(),
  stopLoss: z.number().positive().nullable(),
  target: z.number().positive().nullable(),
  strategy: z.string().min(1),
  reason: z.string(),
  /** Figures behind the decision, by name. */
  components: z.record(z.string(), z.number()),
  /** Close of the bar that caused it. */
  barTime: isoTime,
  createdAt: isoTime,
  expiresAt: isoTime,
});

const counts = z.record(z.string(), z.number().int());
/** `GET /api/v1/signals/stats`: counts over the buffer. */
export const signalStatsSchema = z.object({
  total: z.number().int(),
  byStrategy: counts,
  bySymbol: counts,
  byAction: counts,
  oldestAt: isoTime.nullable(),
  newestAt: isoTime.nullable(),
});
export type SignalStatsAnswer = z.infer<typeof signalStatsSchema>;

export type SignalAction = z.infer<typeof signalActionSchema>;
export type Signal = z.infer<typeof signalSchema>;
