import type {
  ExitSettings,
  FeedName,
  LadderThresholds,
  OrderSide,
  OrderStatus,
  OrderType,
  Product,
  SignalAction,
  Timeframe,
  TimeInForce,
  TradingMode,
  TransferKind,
} from '@tickbridge/contracts';
import {
  bigint,
  bigserial,
  boolean,
  check,
  doublePrecision,
  index,
  integer,
  jsonb,
  numeric,
  pgSchema,
  primaryKey,
  text,
  timestamp,
  unique,
  uuid,
} from 'drizzle-orm/pg-core';
import { sql } from 'drizzle-orm';

/** Signals, orders, fills, positions, accounts, trading state and broker tokens. Written by the orchestrator. */
export const tradingSchema = pgSchema('trading');

const time = (name: string) => timestamp(name, { withTimezone: true, precision: 3, mode: 'date' });

export const accounts = tradingSchema.table('accounts', {
  id: text('id').primaryKey(),
  broker: text('broker').$type<'paper' | 'sharekhan'>().notNull(),
  enabled: boolean('enabled').notNull().default(true),
  armed: boolean('armed').notNull().default(false),
  /** The feed whose instruments the account trades. */
  feed: text('feed').$type<FeedName>().notNull(),
  currency: text('currency').notNull(),
  capital: numeric('capital').notNull(),
  /** Capital, the cash effect of every fill with its fees, and every entry beside the fills. */
  cash: numeric('cash').notNull(),
  /** What its trades are charged by, `zerodha/standard`; `null` for the plan of its currency that nobody chose. */
  chargePlan: text('charge_plan'),
  /** Strategies whose signals it follows; `null` follows all. */
  strategies: text('strategies').array(),
  /** Whether strategies may hold opposite positions of one symbol. */
  netting: boolean('netting').notNull().default(false),
  /** Since when it acts: opened, armed or enabled last. What was decided before is ended, never carried out. */
  activeSince: time('active_since').notNull().defaultNow(),
  createdAt: time('created_at').notNull().defaultNow(),
});

/** Who opened, armed, disabled or otherwise changed an account, when and why; never deleted. */
export const accountChanges = tradingSchema.table('account_changes', {
  position: bigserial('position', { mode: 'number' }).primaryKey(),
  accountId: text('account_id')
    .notNull()
    .references(() => accounts.id),
  before: jsonb('before').$type<Record<string, unknown>>(),
  after: jsonb('after').$type<Record<string, unknown>>().notNull(),
  changedBy: text('changed_by').notNull(),
  reason: text('reason').notNull(),
  changedAt: time('changed_at').notNull(),
});

/** Which orchestrator trades an account. A row is taken over when it has run out; the fence rises with every holder. */
export const accountLeases = tradingSchema.table('account_leases', {
  accountId: text('account_id')
    .primaryKey()
    .references(() => accounts.id),
  holder: text('holder').notNull(),
  fence: bigint('fence', { mode: 'number' }).notNull(),
  expiresAt: time('expires_at').notNull(),
  /** Where the holder is reached by the others; `null` until it listens. */
  address: text('address'),
});

export const signals = tradingSchema.table(
  'signals',
  {
    id: uuid('id').primaryKey(),
    /** Order of storing; times of recorded days are no order of their own. */
    position: bigserial('position', { mode: 'number' }).notNull(),
    source: text('source').$type<FeedName>().notNull(),
    symbol: text('symbol').notNull(),
    /** The account it is meant for; `null` where every account of the feed decides on it. */
    accountId: text('account_id'),
    action: text('action').$type<SignalAction>().notNull(),
    strength: doublePrecision('strength').notNull(),
    confidence: doublePrecision('confidence').notNull(),
    price: doublePrecision('price').notNull(),
    stopLoss: doublePrecision('stop_loss'),
    target: doublePrecision('target'),
    strategy: text('strategy').notNull(),
    reason: text('reason').notNull(),
    components: jsonb('components').$type<Record<string, number>>().notNull(),
    barTime: time('bar_time').notNull(),
    createdAt: time('created_at').notNull(),
    expiresAt: time('expires_at').notNull(),
  },
  (table) => [
    index('signals_position').on(table.position.desc()),
    index('signals_symbol').on(table.symbol, table.position.desc()),
    index('signals_strategy').on(table.strategy, table.position.desc()),
    index('signals_expiry').on(table.source, table.expiresAt),
  ],
);

/** What became of a signal on an account: its order, or the reason for none. Without a row it is still to be handled. */
export const signalOutcomes = tradingSchema.table(
  'signal_outcomes',
  {
    signalId: uuid('signal_id')
      .notNull()
      .references(() => signals.id),
    accountId: text('account_id')
      .notNull()
      .references(() => accounts.id),
    /** `ordered`, or why not: `position-open`, `signal-expired`. */
    outcome: text('outcome').notNull(),
    decidedAt: time('decided_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.signalId, table.accountId] })],
);

export const orders = tradingSchema.table(
  'orders',
  {
    id: uuid('id').primaryKey(),
    position: bigserial('position', { mode: 'number' }).notNull(),
    clientOrderId: text('client_order_id').notNull().unique(),
    signalId: uuid('signal_id')
      .notNull()
      .references(() => signals.id),
    accountId: text('account_id')
      .notNull()
      .references(() => accounts.id),
    symbol: text('symbol').notNull(),
    product: text('product').$type<Product>().notNull(),
    side: text('side').$type<OrderSide>().notNull(),
    type: text('type').$type<OrderType>().notNull(),
    quantity: doublePrecision('quantity').notNull(),
    limitPrice: doublePrecision('limit_price'),
    /** Last price at which a stop order wakes up. */
    triggerPrice: doublePrecision('trigger_price'),
    timeInForce: text('time_in_force').$type<TimeInForce>().notNull().default('DAY'),
    /** Levels of the position that it opens. */
    stopLoss: doublePrecision('stop_loss'),
    target: doublePrecision('target'),
    /** It closes a position and never opens one. */
    reduceOnly: boolean('reduce_only').notNull().default(false),
    /** A stop that rests at the broker while the position is open. */
    protective: boolean('protective').notNull().default(false),
    /** Id of the order that opened the position it belongs to. */
    groupId: uuid('group_id'),
    /** The broker's number for it; `null` until the broker is known to have taken it. */
    brokerOrderId: text('broker_order_id'),
    /** Why it waits here although nothing forbids it: the broker is known not to have it. */
    heldReason: text('held_reason'),
    /** Price the order was decided on; its value counts at it while it has no fill. */
    decisionPrice: doublePrecision('decision_price').notNull(),
    status: text('status').$type<OrderStatus>().notNull(),
    filledQuantity: doublePrecision('filled_quantity').notNull().default(0),
    averagePrice: doublePrecision('average_price'),
    restoreTo: text('restore_to').$type<OrderStatus>(),
    rejectionCode: text('rejection_code'),
    rejectionMessage: text('rejection_message'),
    strategy: text('strategy').notNull(),
    barTime: time('bar_time').notNull(),
    createdAt: time('created_at').notNull(),
    updatedAt: time('updated_at').notNull(),
  },
  (table) => [
    unique('orders_signal_account').on(table.signalId, table.accountId),
    index('orders_position').on(table.position.desc()),
    index('orders_account_created').on(table.accountId, table.createdAt),
    index('orders_account_bar').on(table.accountId, table.strategy, table.symbol, table.barTime),
    index('orders_group').on(table.groupId),
    index('orders_protective')
      .on(table.groupId)
      .where(sql`${table.protective}`),
    index('orders_open')
      .on(table.accountId)
      .where(sql`${table.status} not in ('Denied', 'Rejected', 'Canceled', 'Expired', 'Filled')`),
  ],
);

/**
 * How many orders left the house in a quarter of an hour, so that nobody counts a day's orders for each new one. A trigger
 * of `orders` keeps it: what was denied or rejected does not count.
 */
export const orderCounts = tradingSchema.table(
  'order_counts',
  {
    accountId: text('account_id')
      .notNull()
      .references(() => accounts.id),
    /** `''`: all symbols together. */
    symbol: text('symbol').notNull(),
    /** Begin of the quarter of an hour; days of every zone begin with one. */
    quarter: time('quarter').notNull(),
    orders: integer('orders').notNull(),
  },
  (table) => [primaryKey({ columns: [table.accountId, table.symbol, table.quarter] })],
);

export const orderEvents = tradingSchema.table(
  'order_events',
  {
    orderId: uuid('order_id')
      .notNull()
      .references(() => orders.id),
    sequence: integer('sequence').notNull(),
    fromStatus: text('from_status').$type<OrderStatus>(),
    toStatus: text('to_status').$type<OrderStatus>().notNull(),
    reason: text('reason'),
    /** The change as `trading-core` folds it; `null` for the creation. */
    change: jsonb('change').$type<Record<string, unknown>>(),
    occurredAt: time('occurred_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.orderId, table.sequence] })],
);

export const fills = tradingSchema.table(
  'fills',
  {
    accountId: text('account_id')
      .notNull()
      .references(() => accounts.id),
    /** The broker's trade id: seen twice it counts once. */
    tradeId: text('trade_id').notNull(),
    position: bigserial('position', { mode: 'number' }).notNull(),
    orderId: uuid('order_id')
      .notNull()
      .references(() => orders.id),
    symbol: text('symbol').notNull(),
    strategy: text('strategy').notNull(),
    side: text('side').$type<OrderSide>().notNull(),
    quantity: doublePrecision('quantity').notNull(),
    price: doublePrecision('price').notNull(),
    /** Sum of its charges. */
    fee: numeric('fee').notNull(),
    /** The charges by item, exact decimal text; `null` where they were not itemised or are not known. */
    charges: jsonb('charges').$type<Record<string, string>>(),
    /** Profit of the quantity this fill closed, before its fee. */
    realized: numeric('realized').notNull(),
    /** Profit of the round trip that this fill ended, after every charge of entry and exit; `null` when it ended none. */
    tripNet: numeric('trip_net'),
    filledAt: time('filled_at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.accountId, table.tradeId] }),
    index('fills_order').on(table.orderId),
    index('fills_account_time').on(table.accountId, table.filledAt),
    index('fills_place').on(table.accountId, table.strategy, table.symbol, table.position),
    index('fills_trip_won')
      .on(table.accountId, table.strategy, table.filledAt, table.position)
      .where(sql`${table.tripNet} > 0`),
    index('fills_trip_lost')
      .on(table.accountId, table.strategy, table.filledAt, table.position)
      .where(sql`${table.tripNet} < 0`),
  ],
);

/** Changes of an account's cash that are no fill, each an entry of its own; never changed. */
export const cashEntries = tradingSchema.table(
  'cash_entries',
  {
    position: bigserial('position', { mode: 'number' }).primaryKey(),
    accountId: text('account_id')
      .notNull()
      .references(() => accounts.id),
    /** `charge-difference`: what the broker's note states beyond what was booked. The others: money of a person. */
    kind: text('kind').$type<'charge-difference' | TransferKind>().notNull(),
    /** What cash changes by; a dearer note and a withdrawal are negative. */
    amount: numeric('amount').notNull(),
    /** Trading day it is about, `2026-11-20`. */
    day: text('day').notNull(),
    /** What of the day it is about; all `null`: the whole of it. */
    orderId: uuid('order_id').references(() => orders.id),
    symbol: text('symbol'),
    side: text('side').$type<OrderSide>(),
    /** Charges by item: booked until then, stated by the note. */
    booked: jsonb('booked').$type<Record<string, string>>().notNull(),
    stated: jsonb('stated').$type<Record<string, string>>().notNull(),
    recordedBy: text('recorded_by').notNull(),
    reason: text('reason').notNull(),
    recordedAt: time('recorded_at').notNull(),
    /** Of a transfer: the same request is one entry. */
    requestId: uuid('request_id').unique(),
  },
  (table) => [index('cash_entries_account_time').on(table.accountId, table.recordedAt)],
);

/** What was committed and is still to be announced; written with what it tells of, deleted when it was told. */
export const outbox = tradingSchema.table('outbox', {
  position: bigserial('position', { mode: 'number' }).primaryKey(),
  subject: text('subject').notNull(),
  payload: jsonb('payload').$type<Record<string, unknown>>().notNull(),
});

/** Fold of the fills, kept in the transaction that stores a fill. */
export const positions = tradingSchema.table(
  'positions',
  {
    accountId: text('account_id')
      .notNull()
      .references(() => accounts.id),
    strategy: text('strategy').notNull(),
    symbol: text('symbol').notNull(),
    /** What it is held as; `null` while it is flat. */
    product: text('product').$type<Product>(),
    /** Positive is long, negative is short. */
    quantity: numeric('quantity').notNull(),
    cost: numeric('cost').notNull(),
    realized: numeric('realized').notNull(),
    fees: numeric('fees').notNull(),
    /** Profit of its round trips that have ended, after every charge of theirs. */
    closedNet: numeric('closed_net').notNull().default('0'),
    /** Levels of the order that opened it, or that a person has set since. */
    stopLoss: doublePrecision('stop_loss'),
    target: doublePrecision('target'),
    /** Id of the order that opened it; `null` while it is flat, and of those opened before it was kept. */
    groupId: uuid('group_id'),
    updatedAt: time('updated_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.accountId, table.strategy, table.symbol] })],
);

/** From flat to flat: what the fills of a strategy in a symbol make, each fill counted once. Read and never booked on. */
export const roundTrips = tradingSchema.table(
  'round_trips',
  {
    accountId: text('account_id')
      .notNull()
      .references(() => accounts.id),
    strategy: text('strategy').notNull(),
    symbol: text('symbol').notNull(),
    /** Places of its first and last fill among all fills. */
    firstFill: bigint('first_fill', { mode: 'number' }).notNull(),
    lastFill: bigint('last_fill', { mode: 'number' }).notNull(),
    direction: text('direction').$type<'long' | 'short'>().notNull(),
    openedAt: time('opened_at').notNull(),
    /** `null` while something of it is held. */
    closedAt: time('closed_at'),
    entered: numeric('entered').notNull(),
    entryValue: numeric('entry_value').notNull(),
    exited: numeric('exited').notNull(),
    exitValue: numeric('exit_value').notNull(),
    charges: numeric('charges').notNull(),
    fills: integer('fills').notNull(),
    /** Highest and lowest price while it was open; `null` where no candle tells. */
    high: doublePrecision('high'),
    low: doublePrecision('low'),
    /** When the range was looked up (our clock); `null` while candles of its last moments may still be written. */
    measuredAt: time('measured_at'),
  },
  (table) => [
    // A fill through zero is the last of one trip and the first of the next.
    primaryKey({ columns: [table.accountId, table.strategy, table.symbol, table.firstFill] }),
    index('round_trips_closed').on(table.accountId, table.closedAt),
    index('round_trips_unmeasured')
      .on(table.closedAt)
      .where(sql`${table.measuredAt} is null`),
  ],
);

/** One row: the kill ladder, latched. */
export const tradingState = tradingSchema.table(
  'trading_state',
  {
    id: integer('id').primaryKey().default(1),
    mode: text('mode').$type<TradingMode>().notNull(),
    running: boolean('running').notNull(),
    changedBy: text('changed_by').notNull(),
    reason: text('reason').notNull(),
    changedAt: time('changed_at').notNull(),
    /** Triggers that moved the ladder since the last reset: each moves it once. */
    acted: text('acted').array().notNull().default([]),
  },
  (table) => [check('trading_state_single', sql`${table.id} = 1`)],
);

/** One row: the thresholds of the kill ladder's triggers, when people changed them. */
export const ladderSettings = tradingSchema.table(
  'ladder_settings',
  {
    id: integer('id').primaryKey().default(1),
    settings: jsonb('settings').$type<LadderThresholds>().notNull(),
    changedBy: text('changed_by').notNull(),
    reason: text('reason').notNull(),
    changedAt: time('changed_at').notNull(),
  },
  (table) => [check('ladder_settings_single', sql`${table.id} = 1`)],
);

/** Who changed the trading state, when and why; never deleted. */
export const tradingStateChanges = tradingSchema.table('trading_state_changes', {
  position: bigserial('position', { mode: 'number' }).primaryKey(),
  command: text('command').notNull(),
  mode: text('mode').$type<TradingMode>().notNull(),
  running: boolean('running').notNull(),
  changedBy: text('changed_by').notNull(),
  reason: text('reason').notNull(),
  changedAt: time('changed_at').notNull(),
});

/** What people set; a strategy without a row runs on its defaults. */
export const strategySettings = tradingSchema.table('strategy_settings', {
  strategy: text('strategy').primaryKey(),
  enabled: boolean('enabled').notNull(),
  parameters: jsonb('parameters').$type<Record<string, number>>().notNull(),
  /** Length of its bars; `null`: its default. */
  timeframe: text('timeframe').$type<Timeframe>(),
  /** Least expected move of an entry, as a multiple of the costs of its round trip; `null`: the default. */
  leastEdge: doublePrecision('least_edge'),
  /** How the platform ends its positions; `null` while nobody has set it. */
  exits: jsonb('exits').$type<Partial<ExitSettings>>(),
  /** What its positions are held as; `null`: what each instrument offers first. */
  product: text('product').$type<Product>(),
  /** Taken out of the loop by the platform until a person resumes it. */
  suspendedAt: time('suspended_at'),
  suspendedReason: text('suspended_reason'),
  updatedAt: time('updated_at').notNull(),
});

/** What open positions have seen since they were opened, stored before the bars are counted as acted on. */
export const exitTrails = tradingSchema.table(
  'exit_trails',
  {
    accountId: text('account_id')
      .notNull()
      .references(() => accounts.id),
    strategy: text('strategy').notNull(),
    symbol: text('symbol').notNull(),
    /** Tells it from the trail of an earlier position. */
    openedAt: time('opened_at').notNull(),
    /** Best price since then. */
    best: doublePrecision('best').notNull(),
    /** Average true range of the symbol at the opening; `null` while it had none. */
    range: doublePrecision('range'),
  },
  (table) => [primaryKey({ columns: [table.accountId, table.strategy, table.symbol] })],
);

/** Equity over time, thinned with age. A strategy has rows of its own; the account's have the empty strategy. */
export const equitySamples = tradingSchema.table(
  'equity_samples',
  {
    accountId: text('account_id')
      .notNull()
      .references(() => accounts.id),
    strategy: text('strategy').notNull(),
    at: time('at').notNull(),
    /** Of an account its equity; of a strategy its profit after fees. */
    equity: numeric('equity').notNull(),
    /** Highest equity up to this sample, money paid in and out left out. */
    peak: numeric('peak').notNull(),
    /** Money paid in less what was paid out, up to this sample. */
    paidIn: numeric('paid_in').notNull().default('0'),
    realized: numeric('realized').notNull(),
    unrealized: numeric('unrealized').notNull(),
    fees: numeric('fees').notNull(),
    grossExposure: numeric('gross_exposure').notNull(),
    netExposure: numeric('net_exposure').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.accountId, table.strategy, table.at] }),
    index('equity_samples_time').on(table.at),
  ],
);

/** Trading days that are over, one row per account. */
export const portfolioDays = tradingSchema.table(
  'portfolio_days',
  {
    accountId: text('account_id')
      .notNull()
      .references(() => accounts.id),
    /** Date on the market's clock, `2026-11-20`. */
    day: text('day').notNull(),
    startsAt: time('starts_at').notNull(),
    endsAt: time('ends_at').notNull(),
    openingEquity: numeric('opening_equity'),
    /** `null` when something was held whose price nobody knew. */
    closingEquity: numeric('closing_equity'),
    highEquity: numeric('high_equity'),
    lowEquity: numeric('low_equity'),
    /** Largest fall from a high of the day, money paid in and out left out. */
    maxDrawdown: numeric('max_drawdown'),
    realized: numeric('realized').notNull(),
    fees: numeric('fees').notNull(),
    /** Money paid in less what was paid out. */
    paidIn: numeric('paid_in').notNull().default('0'),
    fills: integer('fills').notNull(),
  },
  (table) => [primaryKey({ columns: [table.accountId, table.day] })],
);

/** Close of the last bar that was acted on; bars up to it only warm strategies up. */
export const barCheckpoint = tradingSchema.table(
  'bar_checkpoint',
  {
    source: text('source').$type<FeedName>().notNull(),
    symbol: text('symbol').notNull(),
    closeTime: time('close_time').notNull(),
  },
  (table) => [primaryKey({ columns: [table.source, table.symbol] })],
);

/** Broker access tokens, ciphertext only. */
export const brokerTokens = tradingSchema.table(
  'broker_tokens',
  {
    provider: text('provider').notNull(),
    accountId: text('account_id').notNull(),
    ciphertext: text('ciphertext').notNull(),
    /** Public name of the key it is encrypted under: which rows wait for a rotation. */
    keyId: text('key_id').notNull(),
    expiresAt: time('expires_at').notNull(),
    /** When it was saved; what ends it leaves this as it is. */
    updatedAt: time('updated_at').notNull(),
    /** Taken back by a person or refused by the broker. */
    endedAs: text('ended_as').$type<'revoked' | 'rejected'>(),
    revokedAt: time('revoked_at'),
  },
  (table) => [primaryKey({ columns: [table.provider, table.accountId] })],
);
