import { z } from 'zod';
import { productSchema } from '../market/instrument';
import {
  chargeDifferenceSchema,
  chargeEstimateSchema,
  type ComparedCharges,
  contractNoteAnswerSchema,
  contractNoteSchema,
} from '../trading/charges';
import { orderSideSchema } from '../trading/order';
import { accountParams } from './accounts';
import { database, heldAccount, unknownAccount } from './common-problems';
import { endpoint } from './endpoint';
import { ACCOUNT } from './examples';
import { accountField, symbolField, wholeNumber } from './fields';

const amount = z.coerce.number<number | string>().positive();

const compared: ComparedCharges = {
  day: '2026-11-20',
  orderId: null,
  symbol: 'RELIANCE',
  side: null,
  fills: 2,
  booked: { brokerage: '20', 'transaction-tax': '12.97' },
  stated: { brokerage: '20', 'transaction-tax': '13' },
  difference: { 'transaction-tax': '0.03' },
  amount: '-0.03',
};

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

  'POST /api/v1/accounts/:id/contract-notes': endpoint({
    owner: 'orchestrator',
    tag: 'accounts',
    summary: "Compares a broker's contract note with what was booked, and books the difference",
    description:
      'A header names the columns: `date`; `order_id`, or `symbol` and if wanted `side`, or neither for the whole day; then one column for each charge, named as in the table of charges. All of it or nothing; the same note again books nothing.',
    access: { least: 'admin', audit: 'contract-note.import' },
    params: accountParams,
    body: contractNoteSchema,
    bodyExamples: {
      'By symbol': {
        csv: 'date,symbol,brokerage,transaction-tax\n2026-11-20,RELIANCE,20,13\n',
        by: 'mira',
        reason: 'note of Friday',
      },
    },
    answer: contractNoteAnswerSchema,
    answerExample: { accountId: ACCOUNT, rows: [compared], amount: '-0.03' },
    errors: {
      ...unknownAccount,
      NOTE_WITHOUT_FILLS: 'A row is about an order, a symbol or a day without fills',
      NOTE_OVERLAPS:
        'Another row or an earlier note is about the same fills in another way: they would count twice',
      ...heldAccount,
      ...database,
    },
  }),

  'GET /api/v1/accounts/:id/charge-differences': endpoint({
    owner: 'orchestrator',
    tag: 'accounts',
    summary: 'What contract notes stated beyond what was booked, newest first',
    access: { least: 'viewer' },
    params: accountParams,
    query: z.strictObject({ limit: wholeNumber(1, 1_000).default(100) }),
    answer: z.array(chargeDifferenceSchema),
    answerExample: [
      {
        position: 1,
        accountId: ACCOUNT,
        day: compared.day,
        orderId: null,
        symbol: 'RELIANCE',
        side: null,
        booked: compared.booked,
        stated: compared.stated,
        difference: compared.difference,
        amount: '-0.03',
        recordedBy: 'mira',
        reason: 'note of Friday',
        recordedAt: '2026-11-21T05:30:00.000Z',
      },
    ],
    errors: { ...unknownAccount, ...database },
  }),
};
