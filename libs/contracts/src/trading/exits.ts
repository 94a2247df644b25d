import { z } from 'zod';

const percent = z.number().positive().max(90);
const multiple = z.number().positive().max(50);
const byPercent = z.strictObject({ kind: z.literal('percent'), percent });
/** A multiple of the average true range that the symbol had when the position was opened. */
const byRange = z.strictObject({ kind: z.literal('atr'), multiple });
const bySignal = z.strictObject({ kind: z.literal('signal') });
const never = z.strictObject({ kind: z.literal('none') });

/** How the platform ends a strategy's positions; the strategy itself only enters. */
export const exitSettingsSchema = z.strictObject({
  /** A stop can be replaced, not left out: sizing and risk need one. */
  stopLoss: z.discriminatedUnion('kind', [bySignal, byPercent, byRange]).default({ kind: 'signal' }),
  target: z.discriminatedUnion('kind', [bySignal, byPercent, byRange, never]).default({ kind: 'signal' }),
  /** Distance to the best price since the position was opened. */
  trailingStop: z.discriminatedUnion('kind', [never, byPercent, byRange]).default({ kind: 'none' }),
  /**
   * From this time of day on, on the market's clock (India's or UTC), positions are closed and none is opened.
   * The market's own square-off time counts as well; the earlier of the two wins.
   */
  squareOffAt: z
    .string()
    .regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'expected a time of day as HH:MM')
    .nullable()
    .default(null),
  /** Minutes without an entry in a symbol after leaving it. */
  cooldownMinutes: z.number().min(0).max(1_440).default(0),
  /** Entries in a symbol and trading day beyond the first; `null` sets no bound. */
  maxReentriesPerDay: z.number().int().min(0).max(1_000).nullable().default(null),
});
export type ExitSettings = z.infer<typeof exitSettingsSchema>;

/** Changes against the settings in force: only what is named changes. */
export const exitSettingsChangeSchema = z
  .strictObject({
    stopLoss: exitSettingsSchema.shape.stopLoss.unwrap(),
    target: exitSettingsSchema.shape.target.unwrap(),
    trailingStop: exitSettingsSchema.shape.trailingStop.unwrap(),
    squareOffAt: exitSettingsSchema.shape.squareOffAt.unwrap(),
    cooldownMinutes: exitSettingsSchema.shape.cooldownMinutes.unwrap(),
    maxReentriesPerDay: exitSettingsSchema.shape.maxReentriesPerDay.unwrap(),
  })
  .partial();
export type ExitSettingsChange = z.infer<typeof exitSettingsChangeSchema>;

/** The signal's own levels, nothing else. */
export const DEFAULT_EXITS: ExitSettings = exitSettingsSchema.parse({});
