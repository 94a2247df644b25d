import { z } from 'zod';
import {
  manualOrderSchema,
  orderModificationSchema,
  orderSchema,
  orderStatusSchema,
  orderWithEventsSchema,
  positionExitsSchema,
} from '../trading/order';
import { tradingCommandSchema } from '../trading/trading-state';
import { positionSchema } from '../trading/portfolio';
import { database, heldAccount, unknownAccount } from './common-problems';
import { endpoint } from './endpoint';
import { ACCOUNT, order, ORDER_ID, position } from './examples';
import { accountField, symbolField, uuidParams, wholeNumber } from './fields';

/** Of exit prices that cannot be set. */
const exitPrices = {
  EXIT_PRICE_OFF_GRID: 'stopLoss or takeProfit is no multiple of the price step',
  EXIT_PRICE_WRONG_SIDE: 'stopLoss or takeProfit lies on the wrong side of the price',
  EXIT_ORDER_WORKING: 'Another order of yours rests that would close the position too: cancel it first',
} as const;
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
      /** Those of one position: an entry, its stop and its exits. */
      group: z.uuid().optional(),
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
      'An entry with stop and target': {
        requestId: '3b1f8a52-6f1c-4a53-9d3c-0d8d6e1f9a05',
        accountId: ACCOUNT,
        symbol: 'RELIANCE',
        side: 'BUY',
        type: 'LIMIT',
        quantity: 10,
        limitPrice: 2500,
        stopLoss: 2450,
        takeProfit: 2600,
        by: 'mira',
        reason: 'breakout',
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
      ...exitPrices,
      POSITION_OPEN:
        'stopLoss and takeProfit are for an order that opens a position, and one is open or being opened',
      EXITS_SET: 'The position has a stop or target: it is closed at the market, or its exits are changed',
      INSTRUMENT_UNKNOWN: { 404: 'Nothing tells the price step of the symbol' },
      ACCOUNT_DISABLED: 'The account is switched off',
      ACCOUNT_BLOCKED: 'The account is not traded for the reason told',
      ...heldAccount,
      ...database,
    },
  }),

  'PATCH /api/v1/orders/:id': endpoint({
    owner: 'orchestrator',
    tag: 'orders',
    summary: 'Changes quantity or limit of an order that rests at the broker, or stop and target of an entry',
    access: { least: 'trader', audit: 'order.change' },
    params: uuidParams,
    body: orderModificationSchema,
    bodyExamples: {
      'Another limit': { limitPrice: 2446.5, by: 'mira', reason: 'the market moved' },
      'Another stop, and no target': {
        stopLoss: 2440,
        takeProfit: null,
        by: 'mira',
        reason: 'let it run',
      },
    },
    answer: orderSchema,
    answerExample: { ...order, type: 'LIMIT', limitPrice: 2446.5, status: 'Accepted' },
    errors: {
      ...unknownOrder,
      ORDER_NOT_WORKING: 'The order is finished, or not known to be at the broker',
      CHANGE_DENIED: 'The risk check denies the changed order; its code is told',
      CHANGE_IMPOSSIBLE:
        'Below what is filled, a limit for a market order, exits of an order that opens no position of a person, or a stop that the platform keeps',
      ...exitPrices,
      POSITION_OPEN:
        'stopLoss and takeProfit are for an order that opens a position, and one is open or being opened',
      NO_PRICE: { 409: 'There is no price of the symbol to compare with' },
      INSTRUMENT_UNKNOWN: { 404: 'Nothing tells the price step of the symbol' },
      ...heldAccount,
      ...database,
    },
  }),

  'POST /api/v1/orders/:id/cancel': endpoint({
    owner: 'orchestrator',
    tag: 'orders',
    summary: 'Cancels an order; possible in every trading state',
    description:
      "The stop of a person's own position is taken away with it: the position has no stop then. An entry takes stop and target along, for what has not filled.",
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

  'PUT /api/v1/positions/exits': endpoint({
    owner: 'orchestrator',
    tag: 'orders',
    summary: "Sets stop and target of a person's open position; `null` takes one away",
    description:
      'One cancels the other: whichever is reached closes the position, and never both. With a broker that lets stops rest, the stop rests there. Both `null`: the person closes the position.',
    access: { least: 'trader', audit: 'position.exits' },
    body: positionExitsSchema,
    bodyExamples: {
      'Stop and target': {
        accountId: ACCOUNT,
        symbol: 'RELIANCE',
        stopLoss: 2450,
        takeProfit: 2600,
        by: 'mira',
        reason: 'protect the hedge',
      },
    },
    answer: positionSchema,
    answerExample: { ...position, strategy: 'manual' },
    errors: {
      ...unknownAccount,
      POSITION_UNKNOWN: 'The person holds nothing of the symbol on the account',
      ...exitPrices,
      NO_PRICE: { 409: 'There is no price of the symbol to compare with' },
      INSTRUMENT_UNKNOWN: { 404: 'Nothing tells the price step of the symbol' },
      ...heldAccount,
      ...database,
    },
  }),
};
