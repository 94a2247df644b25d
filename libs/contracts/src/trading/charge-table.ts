import { z } from 'zod';
import { productSchema } from '../market/instrument';
import { calendarDateSchema } from '../market/calendar';

/** Name of a charge: `brokerage`, `stamp-duty`. */
export const chargeItemSchema = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,39}$/, 'expected lower case letters, figures and hyphens');

/** Part of a market that is charged by rates of its own. */
export const chargeSegmentSchema = z.enum([
  'equity',
  'futures',
  'options',
  'currency-futures',
  'currency-options',
  'crypto',
]);
export type ChargeSegment = z.infer<typeof chargeSegmentSchema>;

/** Plan of a broker: `zerodha/standard`. */
export const chargePlanSchema = z
  .string()
  .max(81)
  .regex(/^[a-z0-9-]+\/[a-z0-9-]+$/, 'expected broker/plan in lower case');

const amount = z.string().regex(/^\d{1,12}(\.\d{1,12})?$/, 'expected a decimal that is not negative');
const text = z.string().min(1).max(500);

/** To which multiple an amount is rounded; `half-up` to the nearest, `up` to the next above. */
export const chargeRoundingSchema = z.strictObject({
  to: amount.refine((step) => Number(step) > 0, 'expected more than nothing'),
  mode: z.enum(['half-up', 'up']).default('half-up'),
});
export type ChargeRounding = z.infer<typeof chargeRoundingSchema>;

/** What one charge is, for some segments and products, from one day to another. Amounts in the file's currency. */
export const chargeRateSchema = z
  .strictObject({
    item: chargeItemSchema,
    segments: z.array(chargeSegmentSchema).min(1),
    products: z.array(productSchema).min(1),
    /** Absent: on purchases and sales. */
    side: z.enum(['BUY', 'SELL']).optional(),
    /** First and last day, inclusive, of the market's calendar; `null` until further notice. */
    from: calendarDateSchema,
    to: calendarDateSchema.nullable(),
    /** Part of the traded value (of an option: of its premium), `0.001` for 0.1 %. */
    rate: amount.optional(),
    /** Part of the value traded as maker, where that is another. */
    makerRate: amount.optional(),
    /** Of each order that is filled, be it in part. */
    perOrder: amount.optional(),
    perUnit: amount.optional(),
    perLot: amount.optional(),
    /** At least this for each unit. */
    leastPerUnit: amount.optional(),
    /** At most this for an order. */
    mostPerOrder: amount.optional(),
    /** Once for all orders of a day in the same instrument; the first of them carries it. */
    oncePerDay: z.literal(true).optional(),
    /** A part of these charges instead of the value: a tax on services. */
    of: z.array(chargeItemSchema).min(1).optional(),
    /** How the sum of a day is rounded on the contract note, where that differs from an order's rounding. */
    noteRounding: chargeRoundingSchema.optional(),
    source: text,
  })
  .refine(({ from, to }) => to === null || from <= to, {
    path: ['to'],
    message: 'expected a day not before from',
  })
  .refine(({ rate, perOrder, perUnit, perLot }) => [rate, perOrder, perUnit, perLot].some(Boolean), {
    message: 'expected one of rate, perOrder, perUnit, perLot',
  })
  .refine(({ of, rate }) => of === undefined || rate !== undefined, {
    path: ['rate'],
    message: 'needed beside of',
  });
export type ChargeRate = z.infer<typeof chargeRateSchema>;

const described = {
  id: z.string().regex(/^[a-z0-9-]{1,40}$/, 'expected lower case letters, figures and hyphens'),
  name: text,
  /** Exchanges it counts on, as instruments name them. */
  exchanges: z.array(z.string().min(1).max(40)).min(1),
  currency: z.string().min(1).max(10),
  /** How each charge of an order is rounded. */
  rounding: chargeRoundingSchema,
  /** When the figures were looked up. */
  asOf: calendarDateSchema,
  /** What is left out, and what was taken for granted. */
  notes: z.array(text).default([]),
};

/** What exchange and state charge on an exchange, whoever the broker is. */
export const leviesFileSchema = z.strictObject({
  kind: z.literal('levies'),
  ...described,
  rates: z.array(chargeRateSchema).min(1),
});
export type LeviesFile = z.infer<typeof leviesFileSchema>;

/** What a broker charges, by plan. */
export const tariffFileSchema = z.strictObject({
  kind: z.literal('tariff'),
  ...described,
  plans: z
    .array(
      z.strictObject({
        id: z.string().regex(/^[a-z0-9-]{1,40}$/),
        name: text,
        rates: z.array(chargeRateSchema).min(1),
      }),
    )
    .min(1)
    .refine((plans) => new Set(plans.map(({ id }) => id)).size === plans.length, 'expected each plan once'),
});
export type TariffFile = z.infer<typeof tariffFileSchema>;

/** A file of the table of charges. */
export const chargeFileSchema = z.discriminatedUnion('kind', [leviesFileSchema, tariffFileSchema]);
export type ChargeFile = z.infer<typeof chargeFileSchema>;
