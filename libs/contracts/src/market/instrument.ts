import { z } from 'zod';
import { isoTime } from '../platform/time';
import { assetClassSchema } from './asset-class';
import { feedNameSchema } from './feed-names';

/** How a position may be held: to own it, within the day only, on borrowed money, or as coins. */
export const productSchema = z.enum(['delivery', 'intraday', 'margin', 'spot']);
export type Product = z.infer<typeof productSchema>;

const positive = z.number().positive();

/** Step of prices up to and including `upTo`; the last band has no upper end. */
export const priceStepSchema = z.object({ upTo: positive.nullable(), step: positive });
export type PriceStep = z.infer<typeof priceStepSchema>;

export const derivativeSchema = z.object({
  kind: z.enum(['future', 'call', 'put']),
  underlying: z.string().min(1).nullable(),
  /** Last day of trading, `2026-12-31`; `null` for a continuous contract. */
  expiry: z.iso.date().nullable(),
  strike: positive.nullable(),
  /** Units of the underlying per unit of quantity; `null` where the list does not say. */
  multiplier: positive.nullable(),
});

/**
 * One instrument of one feed, as its vendor or exchange describes it.
 *
 * What is not known is `null`, and a rule that needs it denies with the reason.
 */
export const instrumentSchema = z.object({
  feed: feedNameSchema,
  /** The platform's one name of it. */
  symbol: z.string().min(1).max(50),
  /** Other names it is asked for by, upper case. */
  aliases: z.array(z.string().min(1).max(100)),
  /** Company, pair or index in words; `null` when the list gives none. */
  name: z.string().nullable(),
  exchange: z.string().min(1),
  /** The exchange's part of the market, as its list writes it (`EQ`, `FO`); `null` for exchanges without. */
  segment: z.string().nullable(),
  assetClass: assetClassSchema,
  baseAsset: z.string().nullable(),
  /** Currency of its prices. */
  currency: z.string().min(1).nullable(),
  /** Trading calendar; `null` when it trades at all hours by no calendar that is known. */
  calendar: z.string().min(1).nullable(),
  /** Steps of limit prices, lowest band first. */
  priceSteps: z.array(priceStepSchema).min(1).nullable(),
  /** Decimal places its prices are shown with. */
  priceDecimals: z.number().int().min(0).max(18),
  /** Quantities are whole multiples of this: the lot. */
  quantityStep: positive.nullable(),
  minQuantity: positive.nullable(),
  /** Most of one order. */
  maxQuantity: positive.nullable(),
  /** Most of one market order, where the exchange takes less than of a limit order. */
  maxMarketQuantity: positive.nullable(),
  /** Least value of one order, in the currency. */
  minNotional: positive.nullable(),
  /** Whether the least value counts for market orders too. */
  minNotionalAppliesToMarket: z.boolean(),
  /** The exchange freezes larger orders: they have to be sent in pieces. */
  freezeQuantity: positive.nullable(),
  /** Whether prices too far from the previous close are refused. */
  hasPriceBand: z.boolean(),
  /** Products it may be held in; empty when nobody can hold it. */
  products: z.array(productSchema),
  /** Those of them it may be sold short in. */
  shortProducts: z.array(productSchema),
  derivative: derivativeSchema.nullable(),
  /** `delisted`: known from an earlier list, missing in the newest. `unlisted`: no list was there to look in. */
  status: z.enum(['trading', 'halted', 'delisted', 'unlisted']),
  /** Which list it is from. */
  source: z.string().min(1),
  asOf: isoTime,
});
export type Instrument = z.infer<typeof instrumentSchema>;

/** A change between two lists. */
export const instrumentChangeSchema = z.object({
  feed: feedNameSchema,
  symbol: z.string(),
  changedAt: isoTime,
  source: z.string(),
  /** Fields that changed, as they were. */
  before: z.record(z.string(), z.unknown()),
  after: z.record(z.string(), z.unknown()),
});
export type InstrumentChange = z.infer<typeof instrumentChangeSchema>;

/** One list of instruments and how its last reading went. */
export const instrumentListSchema = z.object({
  feed: feedNameSchema,
  source: z.string(),
  instruments: z.number().int().nonnegative(),
  /** When it was last read whole; `null` before the first time. */
  readAt: isoTime.nullable(),
  /** Rows of it that could not be read. */
  unreadableRows: z.number().int().nonnegative(),
  /** Why the last reading failed; `null` when it did not. */
  lastError: z.string().nullable(),
});
export type InstrumentList = z.infer<typeof instrumentListSchema>;

export const instrumentsAnswerSchema = z.object({
  instruments: z.array(instrumentSchema),
  /** How many match in all. */
  total: z.number().int().nonnegative(),
  lists: z.array(instrumentListSchema),
});
export type InstrumentsAnswer = z.infer<typeof instrumentsAnswerSchema>;

export const instrumentAnswerSchema = z.object({
  instrument: instrumentSchema,
  /** Newest first. */
  changes: z.array(instrumentChangeSchema),
});
export type InstrumentAnswer = z.infer<typeof instrumentAnswerSchema>;

/** A name as instruments are looked up by: upper case, composed characters, one blank for many. */
export function instrumentKey(name: string): string {
  return name.normalize('NFC').trim().toUpperCase().replace(/\s+/g, ' ');
}

/** Decimal places of a price step: 2 for 0.05, 8 for 1e-8. */
export function decimalsOf(step: number): number {
  const [digits = '', exponent = '0'] = step.toString().toLowerCase().split('e');
  return Math.max(0, (digits.split('.')[1] ?? '').length - Number(exponent));
}

/**
 * Step of prices near a price; `undefined` when the instrument's steps are not known.
 *
 * NSE fixes the step of a share each month by its last close; the price at hand stands for it, so that a share that
 * has just crossed a border may be judged by the neighbouring step.
 */
export function priceStep({ priceSteps }: Pick<Instrument, 'priceSteps'>, price: number): number | undefined {
  return priceSteps?.find(({ upTo }) => upTo === null || price <= upTo)?.step;
}
