import { z } from 'zod';
import { isoTime } from '../platform/time';

/** A strategy as `GET /api/v1/strategies` shows it. */
export const strategyStatusSchema = z.object({
  id: z.string(),
  name: z.string(),
  description: z.string(),
  enabled: z.boolean(),
  /** Current parameters, by name. */
  parameters: z.record(z.string(), z.number()),
  symbols: z.number().int().nonnegative(),
  /** Symbols with enough bars to decide. */
  warmSymbols: z.number().int().nonnegative(),
  barsSeen: z.number().int().nonnegative(),
  signals: z.number().int().nonnegative(),
  lastSignalAt: isoTime.nullable(),
  lastError: z.string().nullable(),
});
export type StrategyStatus = z.infer<typeof strategyStatusSchema>;

export const strategyChangeSchema = z
  .strictObject({
    enabled: z.boolean().optional(),
    parameters: z.record(z.string(), z.number()).optional(),
  })
  .refine((change) => change.enabled !== undefined || change.parameters !== undefined, {
    message: 'expected at least one of enabled, parameters',
  });
export type StrategyChange = z.infer<typeof strategyChangeSchema>;
