import { z } from 'zod';
import {
  manualOrderSchema,
  orderModificationSchema,
  orderSchema,
  orderStatusSchema,
  orderWithEventsSchema,
} from '../trading/order';
import { tradingCommandSchema } from '../trading/trading-state';
import { database, heldAccount, unknownAccount } from './common-problems';
import { endpoint } from './endpoint';
import { ACCOUNT, order, ORDER_ID } from './examples';
import { accountField, symbolField, uuidParams, wholeNumber } from './fields';

const unknownOrder = { ORDER_UNKNOWN: 'There is no such order' } as const;

export const orderEndpoints = {
  'GET /api/v1/orders': endpoint({
    owner: 'orchestrator',
    tag: 'orders',
    summary: 'Orders, newest first',
    access: { least: 'viewer' },
    query: z.strictObject({
      status: orderStatusSchema.optional(),
      symbol: symbolField.optional(),
      account: accountField.optional(),
      limit: wholeNumber(1, 1_000).default(200),
    }),
    answer: z.array(orderSchema),
    answerExample: [order],
    errors: database,
  }),

  'GET /api/v1/orders/:id': endpoint({
    owner: 'orchestrator',
    tag: 'orders',
    summary: 'One order with its events',
    access: { least: 'viewer' },
    params: uuidParams,
    answer: orderWithEventsSchema,
    answerExample: {
      ...order,
      events: [
        {
          orderId: ORDER_ID,
          sequence: 1,
          from: null,
          to: 'Initialized',
          reason: null,
          occurredAt: '2026-11-20T05:30:00.041Z',
        },
      ],
    },
    errors: { ...unknownOrder, ...database },
  }),

  'POST /api/v1/orders': endpoint({
    owner: 'orchestrator',
    tag: 'orders',
    summary: 'Places an order for a person; the same requestId gives the same order',
    description:
      'It goes the way of every other order: risk check, ledger, broker. A denied order is answered with 201 as well, with its reason in `rejection`.',
    access: { least: 'trader', audit: 'order.place' },
    status: 201,
    body: manualOrderSchema,
    bodyExamples: {
      'Ten shares at the market': {
        requestId: '3b1f8a52-6f1c-4a53-9d3c-0d8d6e1f9a01',
        accountId: ACCOUNT,
        symbol: 'RELIANCE',
        side: 'BUY',
        type: 'MARKET',
        quantity: 10,
        by: 'mira',
        reason: 'hedge',
      },
      'A stop that sells at no less than its limit': {
        requestId: '3b1f8a52-6f1c-4a53-9d3c-0d8d6e1f9a02',
        accountId: ACCOUNT,
        symbol: 'RELIANCE',
        side: 'SELL',
        type: 'STOP_LIMIT',
        quantity: 10,
        triggerPrice: 2450,
        limitPrice: 2445,
        timeInForce: 'DAY',
        by: 'mira',
        reason: 'protect the hedge',
      },
    },
    answer: orderSchema,
    answerExample: order,
    errors: {
      ...unknownAccount,
      NO_PRICE: { 409: 'There is no price of the symbol to decide on' },
      REQUEST_ID_REUSED: 'The requestId belongs to another order',
      IDENTICAL_ORDER: 'Such an order was placed within the last ten seconds, and `repeat` is not set',
      STOP_MARKETABLE: 'The trigger of the stop order is reached already, and `marketable` is not set',
      ACCOUNT_DISABLED: 'The account is switched off',
      ACCOUNT_BLOCKED: 'The account is not traded for the reason told',
      ...heldAccount,
      ...database,
    },
  }),

  'PATCH /api/v1/orders/:id': endpoint({
    owner: 'orchestrator',
    tag: 'orders',
    summary: 'Changes quantity or limit of an order that rests at the broker',
    access: { least: 'trader', audit: 'order.change' },
    params: uuidParams,
    body: orderModificationSchema,
    bodyExamples: { 'Another limit': { limitPrice: 2446.5, by: 'mira', reason: 'the market moved' } },
    answer: orderSchema,
    answerExample: { ...order, type: 'LIMIT', limitPrice: 2446.5, status: 'Accepted' },
    errors: {
      ...unknownOrder,
      ORDER_NOT_WORKING: 'The order is finished, or not known to be at the broker',
      CHANGE_DENIED: 'The risk check denies the changed order; its code is told',
      CHANGE_IMPOSSIBLE: 'Below what is filled, or a limit for a market order',
      ...heldAccount,
      ...database,
    },
  }),

  'POST /api/v1/orders/:id/cancel': endpoint({
    owner: 'orchestrator',
    tag: 'orders',
    summary: 'Cancels an order; possible in every trading state',
    access: { least: 'trader', audit: 'order.cancel' },
    params: uuidParams,
    body: tradingCommandSchema,
    bodyExamples: { Cancel: { by: 'mira', reason: 'not wanted any more' } },
    answer: orderSchema,
    answerExample: { ...order, status: 'Canceled', filledQuantity: 0, averagePrice: null },
    errors: {
      ...unknownOrder,
      ORDER_NOT_WORKING: 'The order is finished, or not known to be at the broker',
      ...heldAccount,
      ...database,
    },
  }),
};
