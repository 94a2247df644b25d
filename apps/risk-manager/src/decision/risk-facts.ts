import { Injectable } from '@nestjs/common';
import { type OrderSide, type RiskCheckRequest, toIso } from '@tickbridge/contracts';
import {
  accounts,
  Database,
  equityPeaks,
  fills,
  orders,
  positions,
  selectScopedLimits,
  signals,
  type StoredLimits,
  tradingState,
} from '@tickbridge/database';
import {
  calendarFor,
  type Currency,
  DEFAULT_LIMITS,
  limitsInForce,
  instrumentRules,
  money,
  riskInstrument,
  type RiskContext,
  type RiskOpenOrder,
  TERMINAL_STATUSES,
} from '@tickbridge/trading-core';
import { and, eq, gt, gte, lte, ne, notInArray, or, sql } from 'drizzle-orm';
import { OwnMarket } from './own-market';

/** Orders that never left the house; they count for nothing. */
const NEVER_SENT = ['Denied', 'Rejected'] as const;
const MINUTE_MS = 60_000;

/** Gathers from PostgreSQL and the replica what the rules look at. Reads only. */
@Injectable()
export class RiskFacts {
  constructor(
    private readonly database: Database,
    private readonly ownMarket: OwnMarket,
  ) {}

  /** @throws when PostgreSQL cannot be read: the order is then denied */
  async gather(request: RiskCheckRequest): Promise<RiskContext> {
    const now = Date.parse(request.asOf);
    const instrument = instrumentRules(request.market.source);
    const calendar = calendarFor(request.market.source, instrument.assetClass);
    const dayStart = calendar.tradingDayStart(now);
    const [found, positions, related, counts, results, scoped] = await Promise.all([
      this.account(request.accountId),
      this.positions(request),
      this.relatedOrders(request),
      this.counts(request, dayStart, now),
      this.results(request, dayStart, now),
      this.limits(request),
    ]);
    const account = found?.account;
    const defaults = account && DEFAULT_LIMITS[account.currency as Currency];
    const inForce = defaults && limitsInForce(defaults, scoped, request);
    const known = this.ownMarket.price(request.symbol, request.market.source);
    return {
      now,
      order: {
        id: request.orderId,
        signalId: request.signalId,
        accountId: request.accountId,
        strategy: request.strategy,
        symbol: request.symbol,
        side: request.side,
        type: request.type,
        quantity: request.quantity,
        limitPrice: request.limitPrice,
      },
      account,
      tradingState: found?.tradingState,
      calendar,
      limits: inForce?.limits,
      ...(inForce && { limitOrigins: inForce.origins }),
      instrument: riskInstrument(instrument),
      broker: request.broker ?? undefined,
      market: request.market,
      ownMarket: known,
      previousClose: known === 'same' ? null : (known?.previousClose ?? undefined),
      holdings: positions.open,
      marks: new Map(Object.entries(request.marks)),
      openOrders: related.open,
      ordersOfSignal: related.ofSignal,
      ordersOfBar: related.ofBar,
      ordersToday: counts?.today,
      ordersTodayInSymbol: counts?.inSymbol,
      recentOrderTimes: counts && (counts.recent ?? []),
      realizedToday: results?.net,
      equityPeak: found?.peak,
      losingStreak: results?.streak,
      lastExitAt: positions.lastExitAt,
    };
  }

  /** The account, the kill ladder, and the highest equity it is known to have had: at least what it started with. */
  private async account(id: string) {
    const [row] = await this.database.orm
      .select({
        account: accounts,
        peak: equityPeaks.peak,
        mode: tradingState.mode,
        running: tradingState.running,
      })
      .from(accounts)
      .leftJoin(equityPeaks, eq(equityPeaks.accountId, accounts.id))
      .leftJoin(tradingState, sql`true`)
      .where(eq(accounts.id, id));
    if (!row) return undefined;
    const { account, peak, mode, running } = row;
    return {
      account: { ...account, cash: money(account.cash) },
      peak: money(peak ?? account.capital),
      tradingState: mode === null || running === null ? undefined : { mode, running },
    };
  }

  /** Open positions of the account, and when the strategy went flat in the symbol, if it is. */
  private async positions({ accountId, strategy, symbol }: RiskCheckRequest) {
    const isOpen = ne(positions.quantity, '0');
    const isOwn = and(eq(positions.strategy, strategy), eq(positions.symbol, symbol));
    const rows = await this.database.orm
      .select()
      .from(positions)
      .where(and(eq(positions.accountId, accountId), or(isOpen, isOwn)));
    const held = rows.map((row) => ({ ...row, quantity: money(row.quantity), cost: money(row.cost) }));
    // A position that fell to zero keeps its row with the time of its last fill: the exit.
    const left = held.find((row) => row.quantity.isZero());
    return {
      open: held
        .filter(({ quantity }) => !quantity.isZero())
        .map((row) => ({
          strategy: row.strategy,
          symbol: row.symbol,
          quantity: row.quantity,
          cost: row.cost,
        })),
      lastExitAt: left ? left.updatedAt.getTime() : null,
    };
  }

  /** Orders of the account that are open, or belong to the same signal or bar; one look at the table. */
  private async relatedOrders(request: RiskCheckRequest) {
    const { accountId, signalId, strategy, symbol, side } = request;
    const barTime = request.barTime ?? (await this.barTimeOf(signalId));
    const ofBar =
      barTime === undefined
        ? undefined
        : and(
            eq(orders.strategy, strategy),
            eq(orders.symbol, symbol),
            eq(orders.side, side),
            eq(orders.barTime, new Date(barTime)),
            notInArray(orders.status, [...NEVER_SENT]),
          );
    const rows = await this.database.orm
      .select({
        id: orders.id,
        strategy: orders.strategy,
        symbol: orders.symbol,
        side: orders.side,
        limitPrice: orders.limitPrice,
        decisionPrice: orders.decisionPrice,
        quantity: orders.quantity,
        filledQuantity: orders.filledQuantity,
        isOpen: sql<boolean>`${notInArray(orders.status, [...TERMINAL_STATUSES])}`,
        isOfSignal: sql<boolean>`${eq(orders.signalId, signalId)}`,
        isOfBar: ofBar ? sql<boolean>`(${ofBar})` : sql<boolean>`false`,
      })
      .from(orders)
      .where(
        and(
          eq(orders.accountId, accountId),
          or(notInArray(orders.status, [...TERMINAL_STATUSES]), eq(orders.signalId, signalId), ofBar),
          notThis(request),
        ),
      );
    // A question about a signal nobody stored has no bar whose orders could be looked for; an order has one.
    const barIsKnown = barTime !== undefined || request.orderId === null;
    return {
      open: rows.filter(({ isOpen }) => isOpen).map(toOpenOrder),
      ofSignal: rows.filter(({ isOfSignal }) => isOfSignal).map(({ id }) => id),
      ofBar: barIsKnown ? rows.filter(({ isOfBar }) => isOfBar).map(({ id }) => id) : undefined,
    };
  }

  private async barTimeOf(signalId: string): Promise<string | undefined> {
    const [signal] = await this.database.orm
      .select({ barTime: signals.barTime })
      .from(signals)
      .where(eq(signals.id, signalId));
    return signal && toIso(signal.barTime.getTime());
  }

  private async counts(request: RiskCheckRequest, dayStart: number, now: number) {
    const minuteAgo = new Date(now - MINUTE_MS);
    const [row] = await this.database.orm
      .select({
        today: sql<number>`count(*)::int`,
        inSymbol: sql<number>`(count(*) filter (where ${eq(orders.symbol, request.symbol)}))::int`,
        recent: sql<number[] | null>`array_agg((extract(epoch from ${orders.createdAt}) * 1000)::float8
          order by ${orders.createdAt} desc) filter (where ${gt(orders.createdAt, minuteAgo)})`,
      })
      .from(orders)
      .where(
        and(
          eq(orders.accountId, request.accountId),
          gte(orders.createdAt, new Date(dayStart)),
          lte(orders.createdAt, new Date(now)),
          notInArray(orders.status, [...NEVER_SENT]),
          notThis(request),
        ),
      );
    return row;
  }

  /** Result of the day, and the losses of the strategy since its last profit. */
  private async results({ accountId, strategy }: RiskCheckRequest, dayStart: number, now: number) {
    const { rows } = await this.database.orm.execute<{
      net: string;
      losses: number;
      last_loss: number | null;
    }>(sql`
      with day as (
        select realized, fee, strategy, position, filled_at from ${fills}
        where account_id = ${accountId} and filled_at >= ${new Date(dayStart).toISOString()}
          and filled_at <= ${new Date(now).toISOString()}
      ), losses as (
        select filled_at from day where strategy = ${strategy} and realized < 0 and position > coalesce(
          (select max(position) from day where strategy = ${strategy} and realized > 0), 0)
      )
      select (select coalesce(sum(realized - fee), 0)::text from day) as net,
        (select count(*)::int from losses) as losses,
        (select (extract(epoch from max(filled_at)) * 1000)::float8 from losses) as last_loss`);
    const [row] = rows;
    return row && { net: money(row.net), streak: { losses: row.losses, lastLossAt: row.last_loss } };
  }

  private async limits(request: RiskCheckRequest): Promise<readonly StoredLimits[]> {
    const { accountId, strategy, symbol } = request;
    return selectScopedLimits(this.database.orm, { accountId, strategy, symbol });
  }
}

/** What rests is counted at its limit, or at the price it was decided on. */
function toOpenOrder(row: {
  id: string;
  strategy: string;
  symbol: string;
  side: OrderSide;
  limitPrice: number | null;
  decisionPrice: number;
  quantity: number;
  filledQuantity: number;
}): RiskOpenOrder {
  const { id, strategy, symbol, side, limitPrice, decisionPrice, quantity, filledQuantity } = row;
  const remainingQuantity = money(quantity).minus(filledQuantity).toNumber();
  return { id, strategy, symbol, side, limitPrice, remainingQuantity, price: limitPrice ?? decisionPrice };
}

function notThis({ orderId }: RiskCheckRequest) {
  return orderId === null ? undefined : ne(orders.id, orderId);
}
