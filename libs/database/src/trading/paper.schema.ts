import type { OrderSide, OrderType, TimeInForce } from '@tickbridge/contracts';
import {
  bigserial,
  boolean,
  doublePrecision,
  index,
  numeric,
  primaryKey,
  text,
  timestamp,
} from 'drizzle-orm/pg-core';
import { sql } from 'drizzle-orm';
import { accounts, tradingSchema } from './trading.schema';

const time = (name: string) => timestamp(name, { withTimezone: true, precision: 3, mode: 'date' });

/**
 * The paper broker's own books: a counterpart like any other, which the ledger is reconciled with. Orders rest here
 * over restarts.
 */
export const paperOrders = tradingSchema.table(
  'paper_orders',
  {
    accountId: text('account_id')
      .notNull()
      .references(() => accounts.id),
    clientOrderId: text('client_order_id').notNull(),
    symbol: text('symbol').notNull(),
    side: text('side').$type<OrderSide>().notNull(),
    type: text('type').$type<OrderType>().notNull(),
    quantity: doublePrecision('quantity').notNull(),
    filledQuantity: doublePrecision('filled_quantity').notNull().default(0),
    limitPrice: doublePrecision('limit_price'),
    triggerPrice: doublePrecision('trigger_price'),
    timeInForce: text('time_in_force').$type<TimeInForce>().notNull(),
    /** Fills no more than its strategy holds. */
    reduceOnly: boolean('reduce_only').notNull().default(false),
    triggered: boolean('triggered').notNull().default(false),
    status: text('status').$type<'working' | 'filled' | 'canceled' | 'expired' | 'rejected'>().notNull(),
    message: text('message'),
    /** End of the session of a day order; `null` where trading never closes. */
    expiresAt: time('expires_at'),
    placedAt: time('placed_at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.accountId, table.clientOrderId] }),
    index('paper_orders_working')
      .on(table.accountId)
      .where(sql`${table.status} = 'working'`),
  ],
);

export const paperTrades = tradingSchema.table(
  'paper_trades',
  {
    tradeId: text('trade_id').primaryKey(),
    position: bigserial('position', { mode: 'number' }).notNull(),
    accountId: text('account_id').notNull(),
    clientOrderId: text('client_order_id').notNull(),
    quantity: doublePrecision('quantity').notNull(),
    price: doublePrecision('price').notNull(),
    /** `null` since charges are reckoned where they are booked. */
    fee: numeric('fee'),
    tradedAt: time('traded_at').notNull(),
  },
  (table) => [index('paper_trades_order').on(table.accountId, table.clientOrderId)],
);
