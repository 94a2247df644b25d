import { Injectable } from '@nestjs/common';
import {
  executeBatch,
  Database,
  isUniqueViolation,
  LastStatement,
  orders,
  paperOrders,
  paperTrades,
  type Queryable,
} from '@tickbridge/database';
import { type PaperMatch, paperTradeId, reduceOnlyMatch } from '@tickbridge/trading-core';
import { and, asc, eq, inArray, sql } from 'drizzle-orm';
import { AccountLeases } from '../../accounts/account-leases';

export type PaperOrderRow = typeof paperOrders.$inferSelect;
export type PaperTradeRow = typeof paperTrades.$inferSelect;

const IOC_MESSAGE = 'What an immediate-or-cancel order did not get is canceled';
const NOTHING_HELD_MESSAGE = 'Nothing is held that it could close';

/** Sum of trades, purchases less sales. */
const signedQuantity = sql`sum(case when ${paperOrders.side} = 'BUY' then ${paperTrades.quantity}::numeric
  else -${paperTrades.quantity}::numeric end)`;
/** The order of a trade. */
const isItsOrder = and(
  eq(paperOrders.accountId, paperTrades.accountId),
  eq(paperOrders.clientOrderId, paperTrades.clientOrderId),
);

/** An order with all its trades. */
export interface PaperEntry {
  order: PaperOrderRow;
  trades: readonly PaperTradeRow[];
}

/** The paper broker's books in PostgreSQL. Every write is fenced by the account's lease. */
@Injectable()
export class PaperBooks {
  constructor(
    private readonly database: Database,
    private readonly leases: AccountLeases,
  ) {}

  /** Takes an order with what the market made of it at once. One that was taken before stays as it is. */
  async take(order: PaperOrderRow, match: PaperMatch, at: number): Promise<PaperEntry> {
    const { accountId, clientOrderId } = order;
    try {
      return await this.guarded(
        accountId,
        async (transaction) => {
          const { taken, trade } = takenOrder(order, await allowed(transaction, order, match), at);
          return new LastStatement<PaperEntry>(async () => {
            await executeBatch(
              transaction,
              trade ? [transaction.insert(paperTrades).values(trade)] : [],
              transaction.insert(paperOrders).values(taken),
            );
            return { order: taken, trades: trade ? [{ ...trade, position: 0 }] : [] };
          });
        },
        // The ledger books it next, in the same PostgreSQL.
        { durable: false },
      );
    } catch (error) {
      if (!isUniqueViolation(error)) throw error;
      return mustFind(await read(this.database.orm, accountId, [clientOrderId]), clientOrderId);
    }
  }

  /** Books what a look at the market did to a working order. */
  async book(
    { accountId, clientOrderId }: PaperOrderRow,
    match: PaperMatch,
    at: number,
  ): Promise<PaperEntry> {
    return this.guarded(accountId, async (transaction) => {
      const [entry] = await read(transaction, accountId, [clientOrderId]);
      if (!entry) throw new Error(`the paper broker has no order ${clientOrderId}`);
      const { order, trades } = entry;
      return store(transaction, order, trades.length, await allowed(transaction, order, match), at);
    });
  }

  /** Changes a working order; `undefined` when it is not working any more. */
  async change(
    { accountId, clientOrderId }: Pick<PaperOrderRow, 'accountId' | 'clientOrderId'>,
    change: Partial<Pick<PaperOrderRow, 'status' | 'quantity' | 'limitPrice' | 'message'>>,
  ): Promise<PaperEntry | undefined> {
    return this.guarded(accountId, async (transaction) => {
      const [changed] = await transaction
        .update(paperOrders)
        .set(change)
        .where(
          and(
            eq(paperOrders.accountId, accountId),
            eq(paperOrders.clientOrderId, clientOrderId),
            eq(paperOrders.status, 'working'),
          ),
        )
        .returning();
      return changed && mustFind(await read(transaction, accountId, [clientOrderId]), clientOrderId);
    });
  }

  /** @throws FencedOffError */
  private guarded<T>(
    accountId: string,
    work: (transaction: Queryable) => Promise<T | LastStatement<T>>,
    options: { durable?: boolean } = {},
  ): Promise<T> {
    return this.database.transactionWithLock(
      (transaction) => this.leases.guard(transaction, accountId),
      work,
      options,
    );
  }

  /** What all trades of the account add up to, by symbol; zero is left out. */
  async positions(accountId: string): Promise<Map<string, number>> {
    const rows = await this.database.orm
      .select({ symbol: paperOrders.symbol, quantity: sql<string>`${signedQuantity}::text` })
      .from(paperTrades)
      .innerJoin(paperOrders, isItsOrder)
      .where(eq(paperTrades.accountId, accountId))
      .groupBy(paperOrders.symbol)
      .having(sql`${signedQuantity} <> 0`);
    return new Map(rows.map(({ symbol, quantity }) => [symbol, Number(quantity)]));
  }

  async working(accountId: string): Promise<PaperOrderRow[]> {
    return this.database.orm
      .select()
      .from(paperOrders)
      .where(and(eq(paperOrders.accountId, accountId), eq(paperOrders.status, 'working')))
      .orderBy(asc(paperOrders.placedAt));
  }

  /** The orders that any question of the ledger can be about: those working, and those of the last day. */
  async recent(accountId: string, since: Date): Promise<PaperEntry[]> {
    const rows = await this.database.orm
      .select({ id: paperOrders.clientOrderId })
      .from(paperOrders)
      .where(
        and(
          eq(paperOrders.accountId, accountId),
          sql`(${paperOrders.status} = 'working' or ${paperOrders.placedAt} >= ${since})`,
        ),
      );
    return read(
      this.database.orm,
      accountId,
      rows.map(({ id }) => id),
    );
  }
}

/** An order as it is taken, with the trade it makes at once. */
function takenOrder(order: PaperOrderRow, { fill, canceled, triggered }: PaperMatch, at: number) {
  const { accountId, clientOrderId } = order;
  const filledQuantity = fill?.quantity ?? 0;
  const status = filledQuantity >= order.quantity ? 'filled' : canceled ? 'canceled' : order.status;
  const taken: PaperOrderRow = {
    ...order,
    filledQuantity,
    status,
    triggered,
    message: status === 'canceled' ? endMessage(order) : order.message,
  };
  const trade = fill && {
    tradeId: paperTradeId(clientOrderId, 1),
    accountId,
    clientOrderId,
    ...fill,
    fee: null,
    tradedAt: new Date(at),
  };
  return { taken, trade };
}

/** What a look at the market may do to the order: one that only reduces fills no more than its strategy holds. */
async function allowed(transaction: Queryable, order: PaperOrderRow, match: PaperMatch): Promise<PaperMatch> {
  if (!order.reduceOnly || !match.fill) return match;
  return reduceOnlyMatch(match, order.side, await heldBehind(transaction, order));
}

/** What the trades of the order's strategy in its symbol add up to, by these books. */
async function heldBehind(
  transaction: Queryable,
  { accountId, clientOrderId, symbol }: PaperOrderRow,
): Promise<string> {
  const [held] = await transaction
    .select({ quantity: sql<string>`coalesce(${signedQuantity}, 0)::text` })
    .from(paperTrades)
    .innerJoin(paperOrders, isItsOrder)
    .innerJoin(orders, eq(orders.clientOrderId, paperTrades.clientOrderId))
    .where(
      and(
        eq(paperTrades.accountId, accountId),
        eq(orders.symbol, symbol),
        eq(
          orders.strategy,
          transaction
            .select({ strategy: orders.strategy })
            .from(orders)
            .where(eq(orders.clientOrderId, clientOrderId)),
        ),
      ),
    );
  return held?.quantity ?? '0';
}

async function read(database: Queryable, accountId: string, ids: readonly string[]): Promise<PaperEntry[]> {
  if (ids.length === 0) return [];
  const orders = await database
    .select()
    .from(paperOrders)
    .where(and(eq(paperOrders.accountId, accountId), inArray(paperOrders.clientOrderId, [...ids])));
  const trades = await database
    .select()
    .from(paperTrades)
    .where(and(eq(paperTrades.accountId, accountId), inArray(paperTrades.clientOrderId, [...ids])))
    .orderBy(asc(paperTrades.position));
  return orders.map((order) => ({
    order,
    trades: trades.filter(({ clientOrderId }) => clientOrderId === order.clientOrderId),
  }));
}

/** @param trades how many the order had before */
async function store(
  transaction: Queryable,
  order: PaperOrderRow,
  trades: number,
  { triggered, fill, canceled }: PaperMatch,
  at: number,
): Promise<PaperEntry> {
  const { accountId, clientOrderId } = order;
  if (fill) {
    await transaction.insert(paperTrades).values({
      tradeId: paperTradeId(clientOrderId, trades + 1),
      accountId,
      clientOrderId,
      ...fill,
      tradedAt: new Date(at),
    });
  }
  if (triggered || fill || canceled) {
    const filledQuantity = sql`${paperOrders.filledQuantity}::numeric + ${String(fill?.quantity ?? 0)}::numeric`;
    await transaction
      .update(paperOrders)
      .set({
        triggered: order.triggered || triggered,
        filledQuantity,
        status: sql`case when ${filledQuantity} >= ${paperOrders.quantity}::numeric then 'filled'
          when ${canceled} then 'canceled' else ${paperOrders.status} end`,
        ...(canceled && { message: endMessage(order) }),
      })
      .where(and(eq(paperOrders.accountId, accountId), eq(paperOrders.clientOrderId, clientOrderId)));
  }
  return mustFind(await read(transaction, accountId, [clientOrderId]), clientOrderId);
}

function endMessage({ timeInForce }: PaperOrderRow): string {
  return timeInForce === 'IOC' ? IOC_MESSAGE : NOTHING_HELD_MESSAGE;
}

function mustFind(entries: readonly PaperEntry[], clientOrderId: string): PaperEntry {
  const [entry] = entries;
  if (entry) return entry;
  throw new Error(`the paper broker lost order ${clientOrderId}`);
}
