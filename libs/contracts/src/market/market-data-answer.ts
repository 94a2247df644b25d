import { z } from 'zod';
import { isoTime } from '../platform/time';
import { liveSourceSchema } from './live-source';
import { tickJsonSchema } from './tick';

/** `GET /api/v1/market-data`: the whole market as one answer. */
export const marketDataAnswerSchema = z.object({
  success: z.boolean(),
  source: liveSourceSchema,
  /** When the newest tick was received; `null` before the first one. */
  asOf: isoTime.nullable(),
  ageMs: z.number().nonnegative().nullable(),
  symbolCount: z.number().int().nonnegative(),
  /** Symbols of `data` that are not to be relied on now: silent for too long, or their feed is not connected. */
  staleSymbols: z.array(z.string()).optional(),
  data: z.record(z.string(), tickJsonSchema),
});
export type MarketDataAnswer = z.infer<typeof marketDataAnswerSchema>;
