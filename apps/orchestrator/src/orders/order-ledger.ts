import { Injectable } from '@nestjs/common';
import { SUBJECTS, type Subject } from '@tickbridge/contracts';
import {
  accounts,
  Database,
  fills,
  orderEvents,
  orders,
  positions,
  type Queryable,
  signals,
} from '@tickbridge/database';
import {
  applyTrade,
  EMPTY_HOLDING,
  money,
  moneyText,
  type OrderChange,
  type OrderState,
  transition,
} from '@tickbridge/trading-core';
import { and, eq, sql } from 'drizzle-orm';
import { AccountLeases } from '../accounts/account-leases';
import { PositionBook } from '../portfolio/position-book';
import { type PositionRow, toHolding } from '../portfolio/position.rows';
import { Outbox } from './outbox';
import { type OrderRow, toFill, toOrder, toOrderState } from './order.rows';

/** What is known about an order before its first event. */
export type NewOrder = Pick<
  typeof orders.$inferInsert,
  | 'id'
  | 'clientOrderId'
  | 'signalId'
  | 'accountId'
  | 'symbol'
  | 'side'
  | 'type'
  | 'quantity'
  | 'limitPrice'
  | 'triggerPrice'
  | 'timeInForce'
  | 'decisionPrice'
  | 'strategy'
  | 'barTime'
>;

/** A change with what only a fill carries: its fee as exact decimal text. */
export type LedgerChange = Exclude<OrderChange, { type: 'filled' }> | (FilledChange & { fee: string });
type FilledChange = Extract<OrderChange, { type: 'filled' }>;
type FillRow = typeof fills.$inferSelect;

/** What is known beside an order's state: noted without an event. */
export type OrderNote = Partial<Pick<OrderRow, 'brokerOrderId' | 'heldReason'>>;

/** A row of the outbox before it has its place. */
interface News {
  subject: Subject;
  payload: Record<string, unknown>;
}

/**
 * The only writer of orders, fills, positions and cash.
 *
 * Each call is one transaction: order, event rows, fill, position, cash and the news of it change together or not at
 * all, and only while this process holds the account's lease.
 */
@Injectable()
export class OrderLedger {
  constructor(
    private readonly database: Database,
    private readonly book: PositionBook,
    private readonly leases: AccountLeases,
    private readonly outbox: Outbox,
  ) {}

  /**
   * Stores a new order, or finds the one that exists for the signal and account.
   *
   * @param at time of the trading clock (ms since 1970)
   * @throws FencedOffError
   */
  async create(order: NewOrder, at: number): Promise<OrderRow> {
    const created = await this.database.orm.transaction(async (transaction) => {
      await this.leases.guard(transaction, order.accountId);
      const time = new Date(at);
      const [row] = await transaction
        .insert(orders)
        .values({ ...order, status: 'Initialized', createdAt: time, updatedAt: time })
        .onConflictDoNothing()
        .returning();
      if (!row) return undefined;
      await transaction.insert(orderEvents).values({
        orderId: row.id,
        sequence: 1,
        fromStatus: null,
        toStatus: 'Initialized',
        occurredAt: time,
      });
      return { row, news: await this.outbox.add(transaction, [orderNews(row)]) };
    });
    if (created) {
      this.outbox.tell(created.news);
      return created.row;
    }
    const [existing] = await this.database.orm
      .select()
      .from(orders)
      .where(and(eq(orders.signalId, order.signalId), eq(orders.accountId, order.accountId)));
    if (!existing) throw new Error(`order ${order.id} was refused although no other order stands in its way`);
    return existing;
  }

  /**
   * Moves an order by changes that belong together.
   *
   * @param decide the changes, from the order's state as it is locked; empty changes nothing
   * @param note kept with the changes
   * @throws IllegalTransitionError, OverFillError, FencedOffError: nothing is stored
   */
  async apply(
    order: Pick<OrderRow, 'id' | 'accountId'>,
    decide: (state: OrderState, row: OrderRow) => readonly LedgerChange[],
    at: number,
    note: OrderNote = {},
  ): Promise<OrderRow> {
    const result = await this.database.orm.transaction(async (transaction) => {
      await this.leases.guard(transaction, order.accountId);
      const written = await this.write(transaction, order.id, decide, new Date(at), note);
      const news = written.changed ? [orderNews(written.order), ...written.fills.map(fillNews)] : [];
      return { ...written, news: await this.outbox.add(transaction, news) };
    });
    if (result.position) this.book.put(result.position);
    this.outbox.tell(result.news);
    return result.order;
  }

  private async write(
    transaction: Queryable,
    orderId: string,
    decide: (state: OrderState, row: OrderRow) => readonly LedgerChange[],
    at: Date,
    note: OrderNote,
  ) {
    let order = await lockOrder(transaction, orderId);
    const history = await readHistory(transaction, orderId);
    let state = toOrderState(order, history.tradeIds);
    const changes = decide(state, order);
    const noted = Object.entries(note).some(([name, value]) => order[name as keyof OrderNote] !== value);
    if (changes.length === 0 && !noted) return { order, fills: [], position: undefined, changed: false };
    let { sequence } = history;
    let position: PositionRow | undefined;
    const stored: FillRow[] = [];
    for (const change of changes) {
      const moved = transition(state, change);
      if (moved.kind === 'duplicate') continue;
      state = moved.order;
      sequence += 1;
      await transaction.insert(orderEvents).values({
        orderId,
        sequence,
        fromStatus: moved.from,
        toStatus: moved.to,
        reason: reasonOf(change),
        change,
        occurredAt: at,
      });
      if (change.type !== 'filled') continue;
      const booked = await bookFill(transaction, order, change, at);
      position = booked.position;
      stored.push(booked.fill);
    }
    const [updated] = await transaction
      .update(orders)
      .set({
        status: state.status,
        quantity: state.quantity,
        limitPrice: state.limitPrice,
        filledQuantity: state.filledQuantity,
        averagePrice: state.averagePrice,
        restoreTo: state.restoreTo,
        ...note,
        rejectionCode: state.rejection?.code ?? null,
        rejectionMessage: state.rejection?.message ?? null,
        updatedAt: at,
      })
      .where(eq(orders.id, orderId))
      .returning();
    order = updated ?? order;
    return { order, fills: stored, position, changed: true };
  }
}

function orderNews(row: OrderRow): News {
  return { subject: SUBJECTS.orderUpdated, payload: toOrder(row) };
}

function fillNews(row: FillRow): News {
  return { subject: SUBJECTS.fillCreated, payload: toFill(row) };
}

async function lockOrder(transaction: Queryable, orderId: string): Promise<OrderRow> {
  const [order] = await transaction.select().from(orders).where(eq(orders.id, orderId)).for('update');
  if (!order) throw new Error(`there is no order ${orderId}`);
  return order;
}

async function readHistory(transaction: Queryable, orderId: string) {
  const [last] = await transaction
    .select({ sequence: sql<number>`max(${orderEvents.sequence})` })
    .from(orderEvents)
    .where(eq(orderEvents.orderId, orderId));
  const trades = await transaction
    .select({ tradeId: fills.tradeId })
    .from(fills)
    .where(eq(fills.orderId, orderId));
  return { sequence: last?.sequence ?? 0, tradeIds: trades.map(({ tradeId }) => tradeId) };
}

/** Fill, position and cash of one trade. */
async function bookFill(
  transaction: Queryable,
  order: OrderRow,
  change: Extract<LedgerChange, { type: 'filled' }>,
  at: Date,
): Promise<{ fill: FillRow; position: PositionRow }> {
  const { accountId, strategy, symbol, side } = order;
  const key = and(
    eq(positions.accountId, accountId),
    eq(positions.strategy, strategy),
    eq(positions.symbol, symbol),
  );
  const [before] = await transaction.select().from(positions).where(key).for('update');
  const held = before ? toHolding(before) : EMPTY_HOLDING;
  const { tradeId, quantity, price, fee } = change;
  const effect = applyTrade(held, { side, quantity, price, fee });

  const [fill] = await transaction
    .insert(fills)
    .values({
      accountId,
      tradeId,
      orderId: order.id,
      symbol,
      strategy,
      side,
      quantity,
      price,
      fee,
      realized: moneyText(effect.realized),
      filledAt: at,
    })
    .returning();
  const figures = {
    quantity: moneyText(effect.holding.quantity),
    cost: moneyText(effect.holding.cost),
    realized: moneyText(effect.holding.realized),
    fees: moneyText(effect.holding.fees),
    ...(await levels(transaction, order, before, effect.holding.quantity.isZero())),
    updatedAt: at,
  };
  const [position] = await transaction
    .insert(positions)
    .values({ accountId, strategy, symbol, ...figures })
    .onConflictDoUpdate({ target: [positions.accountId, positions.strategy, positions.symbol], set: figures })
    .returning();
  await transaction
    .update(accounts)
    .set({ cash: sql`${accounts.cash} + ${moneyText(effect.cash)}::numeric` })
    .where(eq(accounts.id, accountId));
  if (!fill || !position) throw new Error(`trade ${tradeId} was not stored`);
  return { fill, position };
}

/** Stop and target belong to the signal that opened the position; a flat position has none. */
async function levels(
  transaction: Queryable,
  order: OrderRow,
  before: PositionRow | undefined,
  flat: boolean,
): Promise<{ stopLoss: number | null; target: number | null }> {
  if (flat) return { stopLoss: null, target: null };
  if (before && !money(before.quantity).isZero()) return { stopLoss: before.stopLoss, target: before.target };
  const [signal] = await transaction
    .select({ stopLoss: signals.stopLoss, target: signals.target })
    .from(signals)
    .where(eq(signals.id, order.signalId));
  return signal ?? { stopLoss: null, target: null };
}

function reasonOf(change: LedgerChange): string | null {
  if (change.type === 'denied' || change.type === 'rejected') return `${change.code}: ${change.message}`;
  return change.type === 'filled' ? `${change.quantity} at ${change.price}` : null;
}
