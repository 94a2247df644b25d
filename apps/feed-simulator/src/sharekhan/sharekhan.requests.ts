import { z } from 'zod';

const decimal = z.string().regex(/^\d+(\.\d+)?$/, 'expected a price as text');
const number = z.union([z.int(), z.string().regex(/^\d+$/).transform(Number)]);

/** Body of POST `/skapi/services/orders`, as far as the cash segment needs it. */
export const orderRequestSchema = z.object({
  requestType: z.enum(['NEW', 'MODIFY', 'CANCEL']),
  orderId: z.string().optional(),
  customerId: z.union([z.string(), z.int().transform(String)]),
  scripCode: z.int().positive(),
  tradingSymbol: z.string().min(1),
  exchange: z.enum(['NC', 'BC', 'NF', 'BF', 'RN', 'MX']),
  transactionType: z.enum(['B', 'S', 'BM', 'SM', 'SAM']),
  quantity: number.pipe(z.int().positive()),
  disclosedQty: number,
  price: decimal,
  triggerPrice: decimal,
  rmsCode: z.string(),
  afterHour: z.enum(['N', 'Y']),
  orderType: z.literal('NORMAL'),
  channelUser: z.string(),
  validity: z.enum(['GFD', 'IOC']),
  productType: z.enum(['INVESTMENT', 'BIGTRADE', 'BIGTRADEPLUS']),
});
export type ShareKhanOrderRequest = z.output<typeof orderRequestSchema>;

/** Body of POST `/skapi/services/access/token`. */
export const accessRequestSchema = z.object({
  apiKey: z.string(),
  requestToken: z.string(),
  state: z.union([z.string(), z.number()]).optional(),
  versionId: z.union([z.string(), z.number()]).nullish(),
});
