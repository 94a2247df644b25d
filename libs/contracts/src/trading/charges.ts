import { z } from 'zod';
import { productSchema } from '../market/instrument';
import { lineOfText } from '../platform/text';
import { isoTime } from '../platform/time';
import { chargePlanSchema } from './charge-table';
import { orderSideSchema } from './order';
import { moneySchema } from './portfolio';

/** Amounts by charge, exact decimal text: `{"brokerage": "20", "stamp-duty": "12"}`. */
export const chargeAmountsSchema = z.record(z.string(), moneySchema);

/** `GET /api/v1/charges/estimate`: what an order would cost if it were filled as a whole at a price. */
export const chargeEstimateSchema = z.object({
  accountId: z.string(),
  symbol: z.string(),
  side: orderSideSchema,
  product: productSchema,
  /** What the account is charged by. */
  chargePlan: chargePlanSchema,
  currency: z.string(),
  quantity: z.number().positive(),
  /** As asked, or the last price. */
  price: z.number().positive(),
  /** Quantity times price. */
  value: moneySchema,
  charges: chargeAmountsSchema,
  total: moneySchema,
  /** Of the order that takes it back at the same price. */
  exitTotal: moneySchema,
  /** Both together, and in percent of the value: what the price has to move before anything is won. */
  roundTrip: moneySchema,
  roundTripPercent: z.number().nonnegative(),
});
export type ChargeEstimate = z.infer<typeof chargeEstimateSchema>;

/** What of a day a row of a note is about: an order, a symbol, one side of it, or the whole day. */
const noteScope = {
  /** Trading day on the market's clock, `2026-11-20`. */
  day: z.iso.date(),
  /** Our id of the order. */
  orderId: z.uuid().nullable(),
  symbol: z.string().nullable(),
  side: orderSideSchema.nullable(),
};

/** A row of a note beside what was booked for the same fills. */
export const comparedChargesSchema = z.object({
  ...noteScope,
  /** Fills it is about. */
  fills: z.number().int().positive(),
  booked: chargeAmountsSchema,
  stated: chargeAmountsSchema,
  /** Stated less booked, by charge; what agrees is left out. */
  difference: chargeAmountsSchema,
  /** What cash changes by: minus the sum of the difference. */
  amount: moneySchema,
});
export type ComparedCharges = z.infer<typeof comparedChargesSchema>;

/** A difference that was booked: an entry of cash beside the fills. */
export const chargeDifferenceSchema = z.object({
  position: z.number().int(),
  accountId: z.string(),
  ...noteScope,
  booked: chargeAmountsSchema,
  stated: chargeAmountsSchema,
  difference: chargeAmountsSchema,
  amount: moneySchema,
  recordedBy: z.string(),
  reason: z.string(),
  recordedAt: isoTime,
});
export type ChargeDifference = z.infer<typeof chargeDifferenceSchema>;

/** `POST /api/v1/accounts/:id/contract-notes`. */
export const contractNoteSchema = z.strictObject({
  /** Comma-separated, with a header: `date`, if wanted `order_id` or `symbol` and `side`, then one column for each charge. */
  csv: z.string().min(1).max(60_000),
  by: lineOfText(100),
  reason: lineOfText(500),
});
export type ContractNoteImport = z.infer<typeof contractNoteSchema>;

/** Its answer: every row, and what cash changed by in all. */
export const contractNoteAnswerSchema = z.object({
  accountId: z.string(),
  rows: z.array(comparedChargesSchema),
  amount: moneySchema,
});
export type ContractNoteAnswer = z.infer<typeof contractNoteAnswerSchema>;
