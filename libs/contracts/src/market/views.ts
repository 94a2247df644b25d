import { z } from 'zod';
import { isoTime } from '../platform/time';
import { liveSourceSchema } from './live-source';

/** Provenance every computed market view carries. */
export const provenanceSchema = z.object({
  source: liveSourceSchema,
  asOf: isoTime.nullable(),
  ageMs: z.number().nonnegative().nullable(),
  simulated: z.boolean(),
});

export const tickerSchema = z.object({
  symbol: z.string(),
  lastPrice: z.number(),
  change: z.number().nullable(),
  changePercent: z.number().nullable(),
  volume: z.number().nullable(),
  ageMs: z.number().nonnegative(),
});
export type Ticker = z.infer<typeof tickerSchema>;

export const tickersSchema = provenanceSchema.extend({ tickers: z.array(tickerSchema) });
export const moversSchema = provenanceSchema.extend({
  gainers: z.array(tickerSchema),
  losers: z.array(tickerSchema),
});
export const breadthSchema = provenanceSchema.extend({
  advances: z.number().int(),
  declines: z.number().int(),
  unchanged: z.number().int(),
  /** Symbols without a previous close, so without a direction. */
  unknown: z.number().int(),
});
export const regimeSchema = provenanceSchema.extend({
  /** `null` when too few symbols carry a change to tell. */
  regime: z.enum(['trending-up', 'trending-down', 'mixed', 'quiet']).nullable(),
  /** Median change of all symbols, percent. */
  medianChangePercent: z.number().nullable(),
  /** Standard deviation of the changes across symbols, percentage points. */
  dispersionPercent: z.number().nullable(),
  symbols: z.number().int(),
});
export const overviewSchema = provenanceSchema.extend({
  symbolCount: z.number().int(),
  freshSymbols: z.number().int(),
  advances: z.number().int(),
  declines: z.number().int(),
  medianChangePercent: z.number().nullable(),
  /** Session volume times last price, summed over the symbols that report a volume; `null` across currencies. */
  turnover: z.number().nullable(),
});

export type Tickers = z.infer<typeof tickersSchema>;
export type Movers = z.infer<typeof moversSchema>;
export type Breadth = z.infer<typeof breadthSchema>;
export type Regime = z.infer<typeof regimeSchema>;
export type Overview = z.infer<typeof overviewSchema>;
