import { z } from 'zod';
import { productSchema } from '../market/instrument';
import { lineOfText } from '../platform/text';
import { isoTime } from '../platform/time';

export const orderSideSchema = z.enum(['BUY', 'SELL']);
export const orderTypeSchema = z.enum(['MARKET', 'LIMIT', 'STOP', 'STOP_LIMIT']);
/** How long it works: `DAY` to the end of the session; `IOC` fills what the market offers at once, the rest is canceled. */
export const timeInForceSchema = z.enum(['DAY', 'IOC']);

export const orderStatusSchema = z.enum([
  'Initialized',
  'Denied',
  'Submitted',
  'Accepted',
  'Triggered',
  'PartiallyFilled',
  'PendingUpdate',
  'PendingCancel',
  'Rejected',
  'Canceled',
  'Expired',
  'Filled',
]);

export const orderSchema = z.object({
  id: z.uuid(),
  /** Derived from signal and account, so a redelivered signal finds the order that exists. */
  clientOrderId: z.string(),
  signalId: z.uuid(),
  accountId: z.string(),
  symbol: z.string(),
  /** What the position is held as: what may be sold short, what is squared off and what it costs depend on it. */
  product: productSchema,
  side: orderSideSchema,
  type: orderTypeSchema,
  quantity: z.number().positive(),
  limitPrice: z.number().positive().nullable(),
  /** Last price at which a stop order wakes up. */
  triggerPrice: z.number().positive().nullable(),
  timeInForce: timeInForceSchema,
  /** Where the position that it opens is left at a loss, as set last; `null` of orders that open none, and where nothing was set. */
  stopLoss: z.number().positive().nullable(),
  /** Where the position that it opens is left at a profit; `null` as `stopLoss`. */
  takeProfit: z.number().positive().nullable(),
  /** It closes a position and never opens one: what is not held is not filled. */
  reduceOnly: z.boolean(),
  /** A stop that the platform lets rest at the broker while the position is open. */
  protective: z.boolean(),
  /** Orders of one position share it: the id of the order that opened it. `null` of orders before it was kept. */
  groupId: z.uuid().nullable(),
  /** The broker's number; `null` until the broker is known to have taken it. */
  brokerOrderId: z.string().nullable(),
  /** Why it waits here although nothing forbids it: `TOKEN_EXPIRED`, `BROKER_UNREACHABLE`. */
  heldReason: z.string().nullable(),
  status: orderStatusSchema,
  filledQuantity: z.number().nonnegative(),
  averagePrice: z.number().positive().nullable(),
  rejection: z.object({ code: z.string(), message: z.string() }).nullable(),
  strategy: z.string(),
  createdAt: isoTime,
  updatedAt: isoTime,
});

/** One stored transition; an order is the fold of its events. */
export const orderEventSchema = z.object({
  orderId: z.uuid(),
  /** Position in the order's history, from 1. */
  sequence: z.number().int().positive(),
  from: orderStatusSchema.nullable(),
  to: orderStatusSchema,
  reason: z.string().nullable(),
  occurredAt: isoTime,
});

export const fillSchema = z.object({
  /** The broker's trade id; seen twice it counts once. */
  tradeId: z.string(),
  orderId: z.uuid(),
  accountId: z.string(),
  symbol: z.string(),
  side: orderSideSchema,
  quantity: z.number().positive(),
  price: z.number().positive(),
  /** Sum of its charges: exact decimal text in the account's currency. */
  fee: z.string(),
  /** The charges by item; `null` where the broker named only their sum or nobody knows them. */
  charges: z.record(z.string(), z.string()).nullable(),
  strategy: z.string(),
  filledAt: isoTime,
});

/** `GET /api/v1/orders/:id`: the order with its history, oldest event first. */
export const orderWithEventsSchema = orderSchema.extend({ events: z.array(orderEventSchema) });

export type OrderSide = z.infer<typeof orderSideSchema>;
export type OrderType = z.infer<typeof orderTypeSchema>;
export type TimeInForce = z.infer<typeof timeInForceSchema>;
export type OrderStatus = z.infer<typeof orderStatusSchema>;
export type Order = z.infer<typeof orderSchema>;
export type OrderWithEvents = z.infer<typeof orderWithEventsSchema>;
export type OrderEvent = z.infer<typeof orderEventSchema>;
export type Fill = z.infer<typeof fillSchema>;

const price = z.number().positive().max(1e9);
const exitPrice = price.nullable();

/** `POST /api/v1/orders`: an order of a person. */
export const manualOrderSchema = z
  .strictObject({
    /** Chosen by the asking side: the same id gives the same order, however often it is sent. */
    requestId: z.uuid(),
    accountId: z.string().min(1).max(64),
    symbol: z.string().min(1).max(50),
    /** Absent: that of the position it changes, else the first that the instrument offers for trading within the day. */
    product: productSchema.optional(),
    side: orderSideSchema,
    type: orderTypeSchema,
    quantity: z.number().positive().max(1e9),
    limitPrice: price.nullable().default(null),
    triggerPrice: price.nullable().default(null),
    timeInForce: timeInForceSchema.default('DAY'),
    /** Closes the position that the order opens once the price is there; for what has filled of it. */
    stopLoss: exitPrice.default(null),
    /** As `stopLoss`, on the side of the profit: one of the two closes the position, never both. */
    takeProfit: exitPrice.default(null),
    /** Strategy whose position it brings down, and may do nothing else; absent: the person's own position. */
    strategy: z.string().min(1).max(100).optional(),
    /** Says that an order like one of the last ten seconds is meant as a second one. */
    repeat: z.boolean().optional(),
    /** Says that a stop order whose trigger is reached already is meant as the market or limit order it would be at once. */
    marketable: z.boolean().optional(),
    by: lineOfText(100),
    reason: lineOfText(500),
  })
  .refine(({ type, limitPrice }) => (limitPrice !== null) === (type === 'LIMIT' || type === 'STOP_LIMIT'), {
    path: ['limitPrice'],
    message: 'needed by LIMIT and STOP_LIMIT orders, and by no others',
  })
  .refine(
    ({ type, triggerPrice }) => (triggerPrice !== null) === (type === 'STOP' || type === 'STOP_LIMIT'),
    {
      path: ['triggerPrice'],
      message: 'needed by STOP and STOP_LIMIT orders, and by no others',
    },
  )
  .refine(({ strategy, stopLoss }) => strategy === undefined || stopLoss === null, {
    path: ['stopLoss'],
    message: 'only for an order that opens a position of your own',
  })
  .refine(({ strategy, takeProfit }) => strategy === undefined || takeProfit === null, {
    path: ['takeProfit'],
    message: 'only for an order that opens a position of your own',
  });
export type ManualOrder = z.infer<typeof manualOrderSchema>;

const MODIFIABLE = ['quantity', 'limitPrice', 'stopLoss', 'takeProfit'] as const;

/** `PATCH /api/v1/orders/:id`. */
export const orderModificationSchema = z
  .strictObject({
    quantity: z.number().positive().max(1e9).optional(),
    limitPrice: price.optional(),
    /** Of an entry of a person; `null` takes the level away. */
    stopLoss: exitPrice.optional(),
    takeProfit: exitPrice.optional(),
    by: lineOfText(100),
    reason: lineOfText(500),
  })
  .refine((change) => MODIFIABLE.some((field) => change[field] !== undefined), {
    message: 'expected at least one of quantity, limitPrice, stopLoss, takeProfit',
  });
export type OrderModification = z.infer<typeof orderModificationSchema>;

/** `PUT /api/v1/positions/exits`: where a person's own position is left, as one cancels the other. */
export const positionExitsSchema = z.strictObject({
  accountId: z.string().min(1).max(64),
  symbol: z.string().min(1).max(50),
  /** `null`: none. */
  stopLoss: exitPrice,
  takeProfit: exitPrice,
  by: lineOfText(100),
  reason: lineOfText(500),
});
export type PositionExits = z.infer<typeof positionExitsSchema>;
