import { z } from 'zod';
import { productSchema } from '../market/instrument';
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
