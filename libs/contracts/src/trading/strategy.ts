import { z } from 'zod';
import { timeframeSchema } from '../market/bar';
import { productSchema } from '../market/instrument';
import { isoTime } from '../platform/time';
import { exitSettingsChangeSchema, exitSettingsSchema } from './exits';

/** Errors and slowness of a strategy since the service started. */
export const strategyHealthSchema = z.object({
  /** Bars on which it threw. */
  errors: z.number().int().nonnegative(),
  lastError: z.string().nullable(),
  lastErrorAt: isoTime.nullable(),
  /** Bars that took it longer than its bound. */
  slowBars: z.number().int().nonnegative(),
  /** Longest time a bar took it (milliseconds); `null` before the first bar. */
  slowestBarMs: z.number().nonnegative().nullable(),
  /** Taken out of the loop by the platform, until a person resumes it; `null` while it runs. */
  suspended: z.object({ since: isoTime, reason: z.string() }).nullable(),
});
export type StrategyHealth = z.infer<typeof strategyHealthSchema>;

/**
 * Least expected move of an entry, as a multiple of what its round trip costs: charges of both orders, the spread, and
 * slippage of both. 0 asks for nothing.
 */
export const leastEdgeSchema = z.number().min(0).max(100);

/** A strategy as `GET /api/v1/strategies` shows it. */
export const strategyStatusSchema = z.object({
  id: z.string(),
  name: z.string(),
  description: z.string(),
  enabled: z.boolean(),
  /** Current parameters, by name. */
  parameters: z.record(z.string(), z.number()),
  /** Length of the bars that it sees. */
  timeframe: timeframeSchema,
  leastEdge: leastEdgeSchema,
  /** How the platform ends its positions. */
  exits: exitSettingsSchema,
  /** What its positions are held as; `null`: what each instrument offers first. */
  product: productSchema.nullable(),
  symbols: z.number().int().nonnegative(),
  /** Symbols with enough bars to decide. */
  warmSymbols: z.number().int().nonnegative(),
  barsSeen: z.number().int().nonnegative(),
  signals: z.number().int().nonnegative(),
  lastSignalAt: isoTime.nullable(),
  /** Entries that were not worth their costs since the start, all accounts together. */
  edgeRefusals: z.number().int().nonnegative(),
  /** The newest of them in a sentence. */
  lastEdgeRefusal: z.string().nullable(),
  ...strategyHealthSchema.shape,
});
export type StrategyStatus = z.infer<typeof strategyStatusSchema>;

/** `PATCH /api/v1/strategies/:id`: only what is named changes. */
export const strategyChangeSchema = z
  .strictObject({
    enabled: z.boolean().optional(),
    parameters: z.record(z.string(), z.number()).optional(),
    /** With another one it learns from stored candles and the bars seen so far. */
    timeframe: timeframeSchema.optional(),
    leastEdge: leastEdgeSchema.optional(),
    exits: exitSettingsChangeSchema.optional(),
    /** Counts for what it opens from then on; `null` takes the choice back. */
    product: productSchema.nullable().optional(),
    /** `false` resumes a strategy that the platform suspended. */
    suspended: z.literal(false).optional(),
  })
  .refine((change) => Object.values(change).some((value) => value !== undefined), {
    message: 'expected at least one of enabled, parameters, timeframe, leastEdge, exits, product, suspended',
  });
export type StrategyChange = z.infer<typeof strategyChangeSchema>;
