import { z } from 'zod';
import { isoTime } from '../platform/time';
import { feedNameSchema } from './feed-names';

/** Newest figure of one gauge of the market as a whole, such as India VIX. */
export const macroFigureSchema = z.object({
  symbol: z.string().min(1),
  value: z.number().positive(),
  change: z.number().nullable(),
  changePercent: z.number().nullable(),
  eventTime: isoTime,
  ageMs: z.number().nonnegative(),
  /** Silent for longer than a healthy connection is, or its feed is not connected. */
  stale: z.boolean(),
  provenance: z.object({ feed: feedNameSchema, simulated: z.boolean() }),
});
export type MacroFigure = z.infer<typeof macroFigureSchema>;

/** Knowledge of one symbol that no feed delivers. */
export const insightKindSchema = z.enum(['onchain', 'sentiment', 'predictions']);
export type InsightKind = z.infer<typeof insightKindSchema>;

/** `GET /api/v1/insights/macro`. */
export const macroInsightSchema = z.object({
  value: z.array(macroFigureSchema),
  provenance: z.string(),
  /** Read from the running feeds, so never. */
  cached: z.literal(false),
  /** Age of the newest figure. */
  ageMs: z.number().nonnegative(),
});
export type MacroInsight = z.infer<typeof macroInsightSchema>;
