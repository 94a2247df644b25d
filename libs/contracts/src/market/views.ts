import { z } from 'zod';
import { isoTime } from '../platform/time';
import { assetClassSchema } from './asset-class';
import { feedNameSchema } from './feed-names';
import { liveSourceSchema } from './live-source';

/** Provenance every computed market view carries. */
export const provenanceSchema = z.object({
  source: liveSourceSchema,
  asOf: isoTime.nullable(),
  ageMs: z.number().nonnegative().nullable(),
  simulated: z.boolean(),
});

/** Which part of the market a view is of; without either the whole of it. */
export const marketPartSchema = z.strictObject({
  assetClass: assetClassSchema.optional(),
  feed: feedNameSchema.optional(),
});
export type MarketPart = z.infer<typeof marketPartSchema>;

/** Instruments of one class from one feed: what can be compared with each other. Indices are none, but by themselves. */
export const marketGroupSchema = z.object({
  assetClass: assetClassSchema,
  feed: feedNameSchema,
  currency: z.string(),
  /** Symbols of it that have a price. */
  symbols: z.number().int().nonnegative(),
});
export type MarketGroup = z.infer<typeof marketGroupSchema>;

export const tickerSchema = z.object({
  symbol: z.string(),
  assetClass: assetClassSchema,
  feed: feedNameSchema,
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
const breadthFigures = {
  advances: z.number().int().nullable(),
  declines: z.number().int().nullable(),
  unchanged: z.number().int().nullable(),
  /** Symbols without a previous close, so without a direction. */
  unknown: z.number().int().nullable(),
};

/** The figures are `null` over several groups: stocks and coins are no one market. Each group has its own. */
export const breadthSchema = provenanceSchema.extend({
  ...breadthFigures,
  groups: z.array(marketGroupSchema.extend(breadthFigures)),
});

const regimeFigures = {
  /** `null` when too few symbols carry a change to tell. */
  regime: z.enum(['trending-up', 'trending-down', 'mixed', 'quiet']).nullable(),
  /** Median change of all symbols, percent. */
  medianChangePercent: z.number().nullable(),
  /** Standard deviation of the changes across symbols, percentage points. */
  dispersionPercent: z.number().nullable(),
};

/** The figures are `null` over several groups, each of which has its own. */
export const regimeSchema = provenanceSchema.extend({
  ...regimeFigures,
  /** Symbols with a change, of all groups. */
  symbols: z.number().int(),
  groups: z.array(marketGroupSchema.extend(regimeFigures)),
});

export const overviewSchema = provenanceSchema.extend({
  symbolCount: z.number().int(),
  freshSymbols: z.number().int(),
  /** `null` over several groups, as the median. */
  advances: z.number().int().nullable(),
  declines: z.number().int().nullable(),
  medianChangePercent: z.number().nullable(),
  /** Session volume times last price by currency, summed over the symbols that report a volume; empty when none does. */
  turnover: z.array(z.object({ currency: z.string(), turnover: z.number() })),
  /** What the market is made of. */
  groups: z.array(marketGroupSchema),
});

export type Tickers = z.infer<typeof tickersSchema>;
export type Movers = z.infer<typeof moversSchema>;
export type Breadth = z.infer<typeof breadthSchema>;
export type Regime = z.infer<typeof regimeSchema>;
export type Overview = z.infer<typeof overviewSchema>;
