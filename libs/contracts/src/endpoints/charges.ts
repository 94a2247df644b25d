import { z } from 'zod';
import { productSchema } from '../market/instrument';
import { chargeEstimateSchema } from '../trading/charges';
import { orderSideSchema } from '../trading/order';
import { database, unknownAccount } from './common-problems';
import { endpoint } from './endpoint';
import { ACCOUNT } from './examples';
import { accountField, symbolField } from './fields';

const amount = z.coerce.number<number | string>().positive();

export const chargeEndpoints = {
  'GET /api/v1/charges/estimate': endpoint({
    owner: 'orchestrator',
    tag: 'orders',
    summary: 'What an order would cost, by item, and what a purchase and a sale cost together',
    access: { least: 'viewer' },
    query: z.strictObject({
      account: accountField,
      symbol: symbolField,
      side: orderSideSchema,
      quantity: amount.max(1e9),
      /** The last price by default. */
      price: amount.max(1e9).optional(),
      /** What an order of the instrument is held in by default. */
      product: productSchema.optional(),
    }),
    answer: chargeEstimateSchema,
    answerExample: {
      accountId: ACCOUNT,
      symbol: 'RELIANCE',
      side: 'BUY',
      product: 'delivery',
      chargePlan: 'sharekhan/standard',
      currency: 'INR',
      quantity: 20,
      price: 2500,
      value: '50000',
      charges: {
        brokerage: '150',
        exchange: '1.53',
        regulator: '0.05',
        'transaction-tax': '50',
        'stamp-duty': '7.5',
        'service-tax': '27.28',
      },
      total: '236.36',
      exitTotal: '253.05',
      roundTrip: '489.41',
      roundTripPercent: 0.97882,
    },
    errors: {
      ...unknownAccount,
      INSTRUMENT_UNKNOWN: "No list of the account's feed has the symbol",
      NO_PRICE: { 409: 'No price is given, and none of the symbol is known' },
      CHARGES_UNKNOWN: 'No row of the table of charges covers such a trade today; what is missing is named',
      ...database,
    },
  }),
};
