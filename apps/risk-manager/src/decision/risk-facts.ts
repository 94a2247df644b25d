import { Injectable } from '@nestjs/common';
import { type RiskCheckRequest, toIso } from '@tickbridge/contracts';
import {
  accounts,
  Database,
  fills,
  orders,
  positions,
  selectScopedLimits,
  signals,
  tradingState,
} from '@tickbridge/database';
import {
  calendarFor,
  type Currency,
  DEFAULT_LIMITS,
  effectiveLimits,
  instrumentRules,
  money,
  type RiskContext,
  TERMINAL_STATUSES,
} from '@tickbridge/trading-core';
import { and, eq, gt, gte, lte, ne, notInArray, sql } from 'drizzle-orm';
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
    const { assetClass } = instrumentRules(request.market.source);
    const calendar = calendarFor(request.market.source, assetClass);
    const dayStart = calendar.tradingDayStart(now);
    const [account, state, holdings, openOrders, sameSignal, sameBar, counts, realizedToday] =
      await Promise.all([
        this.account(request.accountId),
        this.tradingState(),
        this.holdings(request.accountId),
        this.openOrders(request),
        this.ordersOfSignal(request),
        this.ordersOfBar(request),
        this.counts(request, dayStart, now),
        this.realized(request.accountId, dayStart, now),
      ]);
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
      account: account && { ...account, cash: money(account.cash) },
      tradingState: state,
      calendar,
      limits: account && (await this.limits(request, account.currency)),
      market: request.market,
      ownMarket: this.ownMarket.price(request.symbol),
      holdings,
      marks: new Map(Object.entries(request.marks)),
      openOrders,
      ordersOfSignal: sameSignal,
      ordersOfBar: sameBar,
      ordersToday: counts?.today,
      ordersLastMinute: counts?.lastMinute,
      realizedToday,
    };
  }

  private async account(id: string) {
    const [account] = await this.database.orm.select().from(accounts).where(eq(accounts.id, id));
    return account;
  }

  private async tradingState() {
    const [state] = await this.database.orm
      .select({ mode: tradingState.mode, running: tradingState.running })
      .from(tradingState);
    return state;
  }

  private async holdings(accountId: string) {
    const rows = await this.database.orm
      .select()
      .from(positions)
      .where(and(eq(positions.accountId, accountId), ne(positions.quantity, '0')));
    return rows.map(({ strategy, symbol, quantity, cost }) => ({
      strategy,
      symbol,
      quantity: money(quantity),
      cost: money(cost),
    }));
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
    const [counts] = await this.database.orm
      .select({
        today: sql<number>`count(*)::int`,
        lastMinute: sql<number>`(count(*) filter (where ${gt(orders.createdAt, minuteAgo)}))::int`,
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
    return counts;
  }

  private async realized(accountId: string, dayStart: number, now: number) {
    const [row] = await this.database.orm
      .select({ net: sql<string>`coalesce(sum(${fills.realized} - ${fills.fee}), 0)::text` })
      .from(fills)
      .where(
        and(
          eq(fills.accountId, accountId),
          gte(fills.filledAt, new Date(dayStart)),
          lte(fills.filledAt, new Date(now)),
        ),
      );
    return row && money(row.net);
  }

  private async limits(request: RiskCheckRequest, currency: string) {
    const defaults = DEFAULT_LIMITS[currency as Currency];
    return defaults && effectiveLimits(defaults, await selectScopedLimits(this.database.orm), request);
  }
}

function notThis({ orderId }: RiskCheckRequest) {
  return orderId === null ? undefined : ne(orders.id, orderId);
}
