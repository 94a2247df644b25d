import { Injectable } from '@nestjs/common';
import { SUBJECTS, type Subject } from '@tickbridge/contracts';
import {
  accounts,
  Database,
  fills,
  orderEvents,
  orders,
  positions,
  isUniqueViolation,
  LastStatement,
  type Queryable,
  statement,
} from '@tickbridge/database';
import {
  applyTrade,
  EMPTY_HOLDING,
  type Money,
  money,
  moneyText,
  type OrderChange,
  type OrderState,
  transition,
  ZERO,
} from '@tickbridge/trading-core';
import { and, eq, sql } from 'drizzle-orm';
import { AccountLeases, FencedOffError, lockLease } from '../accounts/account-leases';
import { type Charging, FillCharges, type FilledBefore } from './fill-charges';
import { PositionBook } from '../positions/position-book';
import { type PositionRow, toHolding } from '../rows/position.rows';
import { Outbox, type OutboxRow } from './outbox';
import { type OrderRow, toFill, toOrder, toOrderState } from '../rows/order.rows';

/** What is known about an order before its first event. */
export type NewOrder = Pick<
  OrderRow,
  | 'id'
  | 'clientOrderId'
  | 'signalId'
  | 'accountId'
  | 'symbol'
  | 'product'
  | 'side'
  | 'type'
  | 'quantity'
  | 'limitPrice'
  | 'triggerPrice'
  | 'timeInForce'
  | 'reduceOnly'
  | 'groupId'
  | 'decisionPrice'
  | 'strategy'
  | 'barTime'
> &
  Partial<Pick<OrderRow, 'protective' | 'stopLoss' | 'target'>>;

/** A change with what only a fill carries: where its charges come from. */
export type LedgerChange = Exclude<OrderChange, { type: 'filled' }> | FilledChange;
type FilledChange = Extract<OrderChange, { type: 'filled' }> & { charging: Charging };
/** A fill before it has its place. */
type FillInsert = Omit<typeof fills.$inferSelect, 'position'>;

/** What is known beside an order's state: noted without an event. */
export type OrderNote = Partial<Pick<OrderRow, 'brokerOrderId' | 'heldReason'>>;

/** An order as it is locked, with how many events and which trades it has. */
interface LockedOrder {
  order: OrderRow;
  fence: number | null;
  sequence: number;
  tradeIds: string[];
  filled: FilledBefore;
}

/** What a transaction has made. */
interface Written {
  order: OrderRow;
  position: PositionRow | undefined;
  news: OutboxRow[];
}

/** A row of the outbox before it has its place. */
interface News {
  subject: Subject;
  payload: Record<string, unknown>;
}

/**
 * The only writer of orders, fills and positions, and of the cash they move; what moves it beside them is written by
 * `CashEntries`, and levels that a person sets later by `ExitLevels`.
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
   * Durable with the next step: nobody outside has heard of it before.
   *
   * @param at time of the trading clock (ms since 1970)
   * @throws FencedOffError
   */
  async create(order: NewOrder, at: number): Promise<OrderRow> {
    const time = new Date(at);
    const row: OrderRow = {
      ...UNKNOWN_YET,
      ...order,
      status: 'Initialized',
      createdAt: time,
      updatedAt: time,
    };
    try {
      const news = await this.database.transactionWithLock(
        (transaction) => this.leases.guard(transaction, order.accountId),
        async (transaction) =>
          new LastStatement(() =>
            this.outbox.addWith(
              transaction,
              [
                transaction.insert(orders).values(row),
                transaction.insert(orderEvents).values({
                  orderId: order.id,
                  sequence: 1,
                  fromStatus: null,
                  toStatus: 'Initialized',
                  occurredAt: time,
                }),
              ],
              [orderNews(row)],
            ),
          ),
        { durable: false },
      );
      this.outbox.tell(news);
      return row;
    } catch (error) {
      if (!isUniqueViolation(error)) throw error;
    }
    const [stored] = await this.database.orm
      .select()
      .from(orders)
      .where(and(eq(orders.signalId, order.signalId), eq(orders.accountId, order.accountId)));
    if (!stored) throw new Error(`order ${order.id} was refused although no other order stands in its way`);
    return stored;
  }

  /**
   * Moves an order by changes that belong together.
   *
   * @param decide the changes, from the order's state as it is locked; empty changes nothing
   * @param note kept with the changes; a function of the order as it is locked, where it must not overwrite what has
   *   happened meanwhile
   * @param options `durable: false` for a step that the next one makes durable before anybody outside acts on it
   * @throws IllegalTransitionError, OverFillError, FencedOffError: nothing is stored
   */
  async apply(
    order: Pick<OrderRow, 'id' | 'accountId'>,
    decide: (state: OrderState, row: OrderRow) => readonly LedgerChange[],
    at: number,
    note: OrderNote | ((row: OrderRow) => OrderNote) = {},
    options: { durable?: boolean } = {},
  ): Promise<OrderRow> {
    const result = await this.database.transactionWithLock(
      (transaction) => this.lock(transaction, order),
      (transaction, locked) => this.write(transaction, locked, decide, new Date(at), note),
      options,
    );
    if (result.position) this.book.put(result.position);
    this.outbox.tell(result.news);
    return result.order;
  }

  private async write(
    transaction: Queryable,
    locked: LockedOrder,
    decide: (state: OrderState, row: OrderRow) => readonly LedgerChange[],
    at: Date,
    noteFor: OrderNote | ((row: OrderRow) => OrderNote),
  ): Promise<Written | LastStatement<Written>> {
    const { order } = locked;
    let state = toOrderState(order, locked.tradeIds);
    const changes = decide(state, order);
    const note = typeof noteFor === 'function' ? noteFor(order) : noteFor;
    const noted = Object.entries(note).some(([name, value]) => order[name as keyof OrderNote] !== value);
    if (changes.length === 0 && !noted) return { order, position: undefined, news: [] };
    const events: (typeof orderEvents.$inferInsert)[] = [];
    const trades: FilledChange[] = [];
    for (const change of changes) {
      const moved = transition(state, change);
      if (moved.kind === 'duplicate') continue;
      state = moved.order;
      events.push({
        orderId: order.id,
        sequence: locked.sequence + events.length + 1,
        fromStatus: moved.from,
        toStatus: moved.to,
        reason: reasonOf(change),
        change: eventOf(change),
        occurredAt: at,
      });
      if (change.type === 'filled') trades.push(change);
    }
    const figures = {
      status: state.status,
      quantity: state.quantity,
      limitPrice: state.limitPrice,
      triggerPrice: state.triggerPrice ?? null,
      filledQuantity: state.filledQuantity,
      averagePrice: state.averagePrice,
      restoreTo: state.restoreTo,
      ...note,
      rejectionCode: state.rejection?.code ?? null,
      rejectionMessage: state.rejection?.message ?? null,
      updatedAt: at,
    };
    const updated: OrderRow = { ...order, ...figures };
    const booking = trades.length === 0 ? undefined : await book(transaction, locked, trades, at);
    const statements = [
      transaction.update(orders).set(figures).where(eq(orders.id, order.id)),
      ...(events.length === 0 ? [] : [transaction.insert(orderEvents).values(events)]),
      ...(booking?.statements ?? []),
    ];
    const news = [orderNews(updated), ...(booking?.fills ?? []).map(fillNews)];
    return new LastStatement(async () => ({
      order: updated,
      position: booking?.position,
      news: await this.outbox.addWith(transaction, statements, news),
    }));
  }

  /** The order with its history so far, its row and the account's lease locked. @throws FencedOffError */
  private async lock(
    transaction: Queryable,
    { id, accountId }: Pick<OrderRow, 'id' | 'accountId'>,
  ): Promise<LockedOrder> {
    const [locked] = await lockOrder(transaction).execute({ id, ...this.leases.claim(accountId) });
    if (!locked) throw new Error(`there is no order ${id}`);
    if (locked.fence === null) throw new FencedOffError(accountId);
    return locked;
  }
}

const lockOrder = statement((transaction) =>
  transaction
    .select({
      order: orders,
      // Locked before the order is: its query is part of the row.
      fence: sql<number | null>`${lockLease(transaction)}`,
      sequence: sql<number>`(select coalesce(max(${orderEvents.sequence}), 0) from ${orderEvents}
        where ${orderEvents.orderId} = ${orders.id})::int`,
      tradeIds: sql<
        string[]
      >`array(select ${fills.tradeId} from ${fills} where ${fills.orderId} = ${orders.id})`,
      // By their text, so that a price is read as the shortest decimal that means it, as everywhere.
      filled: sql<FilledBefore>`(select json_build_object(
        'quantity', coalesce(sum(${fills.quantity}::text::numeric), 0)::text,
        'value', coalesce(sum(${fills.quantity}::text::numeric * ${fills.price}::text::numeric), 0)::text)
        from ${fills} where ${fills.orderId} = ${orders.id})`,
    })
    .from(orders)
    .where(eq(orders.id, sql.placeholder('id')))
    .for('update')
    .prepare('lock_order'),
);

/** What an order starts with. */
const UNKNOWN_YET = {
  filledQuantity: 0,
  averagePrice: null,
  restoreTo: null,
  rejectionCode: null,
  rejectionMessage: null,
  brokerOrderId: null,
  heldReason: null,
  protective: false,
  stopLoss: null,
  target: null,
} as const;

function orderNews(row: OrderRow): News {
  return { subject: SUBJECTS.orderUpdated, payload: toOrder(row) };
}

function fillNews(fill: FillInsert): News {
  return { subject: SUBJECTS.fillCreated, payload: toFill(fill) };
}

/** What trades of an order make of the account's position and cash, and the statements that store it. */
async function book(
  transaction: Queryable,
  { order, filled }: LockedOrder,
  trades: readonly FilledChange[],
  at: Date,
) {
  const { accountId, strategy, symbol, side } = order;
  const [before] = await transaction
    .select()
    .from(positions)
    .where(
      and(eq(positions.accountId, accountId), eq(positions.strategy, strategy), eq(positions.symbol, symbol)),
    )
    .for('update');
  let holding = before ? toHolding(before) : EMPTY_HOLDING;
  let cash = ZERO;
  const charging = new FillCharges(transaction, order, filled);
  const booked: FillInsert[] = [];
  for (const { tradeId, quantity, price, charging: from } of trades) {
    const charged = await charging.next({ quantity, price }, from);
    const effect = applyTrade(holding, { side, quantity, price, fee: charged.fee });
    holding = effect.holding;
    cash = cash.plus(effect.cash);
    const fill = {
      accountId,
      tradeId,
      orderId: order.id,
      symbol,
      strategy,
      side,
      quantity,
      price,
      ...charged,
    };
    booked.push({
      ...fill,
      realized: moneyText(effect.realized),
      tripNet: effect.tripNet && moneyText(effect.tripNet),
      filledAt: at,
    });
  }
  const figures = {
    quantity: moneyText(holding.quantity),
    cost: moneyText(holding.cost),
    realized: moneyText(holding.realized),
    fees: moneyText(holding.fees),
    closedNet: moneyText(holding.closedNet),
    product: holding.quantity.isZero() ? null : (openProduct(before) ?? order.product),
    ...opening(order, before, holding.quantity, filled),
    updatedAt: at,
  };
  const position: PositionRow = { accountId, strategy, symbol, ...figures };
  return {
    position,
    fills: booked,
    statements: [
      transaction.insert(fills).values(booked),
      transaction
        .insert(positions)
        .values(position)
        .onConflictDoUpdate({
          target: [positions.accountId, positions.strategy, positions.symbol],
          set: figures,
        }),
      transaction
        .update(accounts)
        .set({ cash: sql`${accounts.cash} + ${moneyText(cash)}::numeric` })
        .where(eq(accounts.id, accountId)),
    ],
  };
}

/** What the position was held as before a trade; nothing while it was flat. */
function openProduct(before: PositionRow | undefined): PositionRow['product'] {
  return before && !money(before.quantity).isZero() ? before.product : null;
}

/**
 * Stop, target and group belong to the order that opened the position or turned it round; a flat position has none.
 *
 * An order that adds to a position without levels brings its own along, with its first fill: later ones must not bring back
 * what a person has taken away since.
 */
function opening(
  order: OrderRow,
  before: PositionRow | undefined,
  after: Money,
  filled: FilledBefore,
): Pick<PositionRow, 'stopLoss' | 'target' | 'groupId'> {
  if (after.isZero()) return { stopLoss: null, target: null, groupId: null };
  const { stopLoss, target } = order;
  if (!before || !money(before.quantity).times(after).gt(0)) {
    return { stopLoss, target, groupId: order.groupId ?? order.id };
  }
  const { groupId } = before;
  const adds = money(before.quantity).gt(0) === (order.side === 'BUY');
  const brings =
    adds && before.stopLoss === null && before.target === null && money(filled.quantity).isZero();
  return brings
    ? { stopLoss, target, groupId }
    : { stopLoss: before.stopLoss, target: before.target, groupId };
}

/** A change as an order's history keeps it. */
function eventOf(change: LedgerChange): OrderChange {
  if (change.type !== 'filled') return change;
  const { charging: _, ...event } = change;
  return event;
}

function reasonOf(change: LedgerChange): string | null {
  if (change.type === 'denied' || change.type === 'rejected') return `${change.code}: ${change.message}`;
  if (change.type === 'filled') return `${change.quantity} at ${change.price}`;
  return 'reason' in change ? (change.reason ?? null) : null;
}
