import { Injectable } from '@nestjs/common';
import {
  type FeedName,
  type Instrument,
  MANUAL_STRATEGY,
  PROTECTION_STRATEGY,
  type RiskCheckRequest,
  toIso,
} from '@tickbridge/contracts';
import { CalendarWatch, VendorStatuses } from '@tickbridge/calendars';
import { Database, toInstrument } from '@tickbridge/database';
import {
  calendarOf,
  defaultProduct,
  Calendars,
  type Currency,
  DEFAULT_LIMITS,
  knownInstrument,
  limitsInForce,
  money,
  type RiskContext,
  type RiskOpenOrder,
  type ScopedLimits,
} from '@tickbridge/trading-core';
import { OwnMarket } from './own-market';
import {
  type RiskFactsKey,
  selectOrderTimes,
  selectRiskFacts,
  type StoredRiskFacts,
} from './risk-facts.query';

const MINUTE_MS = 60_000;

/** Gathers from PostgreSQL and the replica what the rules look at. Reads only. */
@Injectable()
export class RiskFacts {
  constructor(
    private readonly database: Database,
    private readonly ownMarket: OwnMarket,
    private readonly calendars: Calendars,
    private readonly watch: CalendarWatch,
    private readonly vendors: VendorStatuses,
  ) {}

  /** @throws when PostgreSQL cannot be read: the order is then denied */
  async gather(request: RiskCheckRequest): Promise<RiskContext> {
    const now = Date.parse(request.asOf);
    await this.watch.whenKnown();
    const { source } = request.market;
    const calendar = this.calendars.of(calendarOf(source));
    const key = keyOf(request, calendar.tradingDayStart(now), now);
    const stored = await this.read(key);
    const { account, counts, results } = stored;
    const instrument =
      (stored.instrument && toInstrument(stored.instrument)) ?? knownInstrument(source, request.symbol);
    const defaults = account && DEFAULT_LIMITS[account.currency as Currency];
    const inForce = defaults && limitsInForce(defaults, stored.limits.map(toScoped), request);
    const known = this.ownMarket.price(request.symbol, source);
    // A question about a signal nobody stored has no bar whose orders could be looked for; an order has one.
    const barIsKnown = stored.barIsKnown || request.orderId === null;
    // The stored signal says who asks; a question without one can only say it itself.
    // An exit at a level that a person has set is the platform's: people's own orders may open as well.
    const byPlatform = request.strategy === MANUAL_STRATEGY && request.reduceOnly;
    const byPerson = (stored.signalStrategy ?? request.strategy) === MANUAL_STRATEGY && !byPlatform;
    return {
      now,
      order: {
        id: request.orderId,
        signalId: request.signalId,
        accountId: request.accountId,
        strategy: request.strategy,
        symbol: request.symbol,
        product: request.product ?? (instrument && defaultProduct(instrument, request.strategy)),
        side: request.side,
        type: request.type,
        quantity: request.quantity,
        limitPrice: request.limitPrice,
        triggerPrice: request.triggerPrice,
        reduceOnly: request.reduceOnly,
        protective: stored.signalStrategy === PROTECTION_STRATEGY && request.type !== 'MARKET',
        byPerson,
      },
      account: account ? { ...account, cash: money(account.cash) } : undefined,
      tradingState: account ? toTradingState(account) : undefined,
      // An unknown name of a calendar is no reason to trade by another's hours.
      calendar: instrument?.calendar ? this.calendars.find(instrument.calendar) : calendar,
      // The vendor's word is about the market of its feed: it closes and opens no other.
      vendor: hasOwnMarket(instrument, source) ? null : this.vendors.of(source),
      limits: inForce?.limits,
      ...(inForce && { limitOrigins: inForce.origins }),
      instrument,
      broker: request.broker ?? undefined,
      market: request.market,
      ownMarket: known,
      previousClose: known === 'same' ? null : (known?.previousClose ?? undefined),
      marks: new Map(Object.entries(request.marks)),
      ...holdings(stored),
      openOrders: stored.orders.filter(({ isOpen }) => isOpen).map(toOpenOrder),
      ordersOfSignal: stored.orders.filter(({ isOfSignal }) => isOfSignal).map(({ id }) => id),
      // People decide on no bar: their requests are told apart by their ids.
      ordersOfBar: byPerson
        ? []
        : barIsKnown
          ? stored.orders.filter(({ isOfBar }) => isOfBar).map(({ id }) => id)
          : undefined,
      ordersToday: counts.today,
      ordersTodayInSymbol: counts.inSymbol,
      ordersOfMinute: counts.ofMinute,
      recentOrderTimes: await this.orderTimes(key, counts.ofMinute, inForce?.limits.maxOrderBurst),
      openingEquity: account ? money(account.openingEquity) : undefined,
      // At least what it started with.
      equityPeak: account ? money(account.peak ?? account.capital).plus(account.paidIn) : undefined,
      paidIn: account ? money(account.paidIn) : undefined,
      paidInToday: account ? money(account.paidInToday) : undefined,
      losingStreak: { losses: results.losses, lastLossAt: results.lastLossAt },
    };
  }

  private async read(key: RiskFactsKey): Promise<StoredRiskFacts> {
    const [stored] = await selectRiskFacts(this.database.orm).execute(key);
    if (!stored) throw new Error('PostgreSQL gave no row');
    return stored;
  }

  /** Only asked for when they decide: fewer orders than may come at once did not come too fast. */
  private async orderTimes(
    key: RiskFactsKey,
    count: number,
    burst: number | undefined,
  ): Promise<number[] | undefined> {
    if (burst === undefined || count < burst) return undefined;
    const rows = await selectOrderTimes(this.database.orm).execute(key);
    return rows.map(({ at }) => at);
  }
}

/** Whether an instrument trades by another calendar than most of its feed. */
function hasOwnMarket(instrument: Instrument | undefined, source: FeedName): boolean {
  return (
    instrument !== undefined && instrument.calendar !== null && instrument.calendar !== calendarOf(source)
  );
}

function keyOf(request: RiskCheckRequest, dayStart: number, now: number): RiskFactsKey {
  const { accountId, strategy, symbol, side, signalId, orderId, barTime = null } = request;
  return {
    feed: request.market.source,
    accountId,
    strategy,
    symbol,
    side,
    signalId,
    orderId,
    barTime,
    dayStart: toIso(dayStart),
    minuteAgo: toIso(now - MINUTE_MS),
    now: toIso(now),
  };
}

function toTradingState({ mode, running }: NonNullable<StoredRiskFacts['account']>) {
  return mode === null || running === null ? undefined : { mode, running };
}

/** Open positions of the account, and when the strategy went flat in the symbol, if it is. */
function holdings({ positions }: StoredRiskFacts): Pick<RiskContext, 'holdings' | 'lastExitAt'> {
  const held = positions.map(({ strategy, symbol, product, quantity, cost, updatedAt }) => ({
    strategy,
    symbol,
    product,
    updatedAt,
    quantity: money(quantity),
    cost: money(cost),
  }));
  return {
    holdings: held.filter(({ quantity }) => !quantity.isZero()),
    // A position that fell to zero keeps its row with the time of its last fill: the exit.
    lastExitAt: held.find(({ quantity }) => quantity.isZero())?.updatedAt ?? null,
  };
}

/** What rests is counted at its limit, or at the price it was decided on. */
function toOpenOrder(row: StoredRiskFacts['orders'][number]): RiskOpenOrder {
  const { id, strategy, symbol, side, limitPrice, decisionPrice, quantity, filledQuantity, protective } = row;
  const remainingQuantity = money(quantity).minus(filledQuantity).toNumber();
  const price = limitPrice ?? decisionPrice;
  return { id, strategy, symbol, side, limitPrice, remainingQuantity, price, protective };
}

function toScoped({
  scopeKind: kind,
  scopeKey: key,
  limits,
}: StoredRiskFacts['limits'][number]): ScopedLimits {
  return { scope: kind === 'global' ? { kind } : { kind, key }, limits };
}
