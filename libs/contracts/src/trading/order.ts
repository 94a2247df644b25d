import { z } from 'zod';
import { isoTime } from '../platform/time';

export const orderSideSchema = z.enum(['BUY', 'SELL']);
export const orderTypeSchema = z.enum(['MARKET', 'LIMIT', 'STOP', 'STOP_LIMIT']);

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
  side: orderSideSchema,
  type: orderTypeSchema,
  quantity: z.number().positive(),
  limitPrice: z.number().positive().nullable(),
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
  /** Exact decimal text in the account's currency. */
  fee: z.string(),
  strategy: z.string(),
  filledAt: isoTime,
});

/** `GET /api/v1/orders/:id`: the order with its history, oldest event first. */
export const orderWithEventsSchema = orderSchema.extend({ events: z.array(orderEventSchema) });

export type OrderSide = z.infer<typeof orderSideSchema>;
export type OrderType = z.infer<typeof orderTypeSchema>;
export type OrderStatus = z.infer<typeof orderStatusSchema>;
export type Order = z.infer<typeof orderSchema>;
export type OrderWithEvents = z.infer<typeof orderWithEventsSchema>;
export type OrderEvent = z.infer<typeof orderEventSchema>;
export type Fill = z.infer<typeof fillSchema>;
