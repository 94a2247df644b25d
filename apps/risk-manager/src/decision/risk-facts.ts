import { Injectable } from '@nestjs/common';
import { type RiskCheckRequest, toIso } from '@tickbridge/contracts';
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
    const [account, state, positions, openOrders, sameSignal, sameBar, counts, results, scoped] =
      await Promise.all([
        this.account(request.accountId),
        this.tradingState(),
        this.positions(request),
        this.openOrders(request),
        this.ordersOfSignal(request),
        this.ordersOfBar(request),
        this.counts(request, dayStart, now),
        this.results(request, dayStart, now),
        this.limits(request),
      ]);
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
      tradingState: state,
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
      openOrders,
      ordersOfSignal: sameSignal,
      ordersOfBar: sameBar,
      ordersToday: counts?.today,
      ordersTodayInSymbol: counts?.inSymbol,
      recentOrderTimes: counts && (counts.recent ?? []),
      realizedToday: results?.net,
      equityPeak: account && account.peak,
      losingStreak: results?.streak,
      lastExitAt: positions.lastExitAt,
    };
  }

  /** The account with the highest equity it is known to have had: at least what it started with. */
  private async account(id: string) {
    const [row] = await this.database.orm
      .select({ account: accounts, peak: equityPeaks.peak })
      .from(accounts)
      .leftJoin(equityPeaks, eq(equityPeaks.accountId, accounts.id))
      .where(eq(accounts.id, id));
    return (
      row && { ...row.account, cash: money(row.account.cash), peak: money(row.peak ?? row.account.capital) }
    );
  }

  private async tradingState() {
    const [state] = await this.database.orm
      .select({ mode: tradingState.mode, running: tradingState.running })
      .from(tradingState);
    return state;
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

  private async openOrders(request: RiskCheckRequest) {
    const rows = await this.database.orm
      .select()
      .from(orders)
      .where(
        and(
          eq(orders.accountId, request.accountId),
          notInArray(orders.status, [...TERMINAL_STATUSES]),
          notThis(request),
        ),
      );
    return rows.map((row) => ({
      id: row.id,
      strategy: row.strategy,
      symbol: row.symbol,
      side: row.side,
      limitPrice: row.limitPrice,
      remainingQuantity: money(row.quantity).minus(row.filledQuantity).toNumber(),
      price: row.limitPrice ?? row.decisionPrice,
    }));
  }

  private async ordersOfSignal(request: RiskCheckRequest): Promise<string[]> {
    const rows = await this.database.orm
      .select({ id: orders.id })
      .from(orders)
      .where(
        and(eq(orders.accountId, request.accountId), eq(orders.signalId, request.signalId), notThis(request)),
      );
    return rows.map(({ id }) => id);
  }

  private async ordersOfBar(request: RiskCheckRequest): Promise<string[] | undefined> {
    const barTime = request.barTime ?? (await this.barTimeOf(request.signalId));
    // A question about a signal nobody stored: there is no bar whose orders could be looked for.
    if (barTime === undefined) return request.orderId === null ? [] : undefined;
    const rows = await this.database.orm
      .select({ id: orders.id })
      .from(orders)
      .where(
        and(
          eq(orders.accountId, request.accountId),
          eq(orders.strategy, request.strategy),
          eq(orders.symbol, request.symbol),
          eq(orders.side, request.side),
          eq(orders.barTime, new Date(barTime)),
          notInArray(orders.status, [...NEVER_SENT]),
          notThis(request),
        ),
      );
    return rows.map(({ id }) => id);
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

function notThis({ orderId }: RiskCheckRequest) {
  return orderId === null ? undefined : ne(orders.id, orderId);
}
