import { Injectable } from '@nestjs/common';
import type { LadderAnswer } from '@tickbridge/contracts';
import { Database, equityPeaks, fills, selectScopedLimits } from '@tickbridge/database';
import { LiveMarketData } from '@tickbridge/shared-cache';
import {
  type Currency,
  DEFAULT_LIMITS,
  effectiveLimits,
  type LadderFigures,
  type Money,
  money,
  unrealized,
  valueHoldings,
  ZERO,
} from '@tickbridge/trading-core';
import { and, eq, gte, sql } from 'drizzle-orm';
import type { StoredAccount } from '../accounts/account.repository';
import { Brokers } from '../broker/brokers';
import { TradingClock } from '../feed/trading-clock';
import { TradingFeeds } from '../feed/trading-feeds';
import { MarketView } from '../market/market-view';
import { toHolding } from '../portfolio/position.rows';
import { PositionBook } from '../portfolio/position-book';

export type AccountFigures = LadderAnswer['figures'][number];

/** An account's figures as the triggers of the ladder look at them, with the limits they are measured by. */
export interface MeasuredAccount {
  shown: AccountFigures;
  figures: LadderFigures;
  limits: { maxDailyLoss: number; maxDrawdownPercent: number };
}

/** Measures what may trip the ladder. What is not known is left out, not guessed. */
@Injectable()
export class LadderMeter {
  constructor(
    private readonly database: Database,
    private readonly book: PositionBook,
    private readonly market: MarketView,
    private readonly live: LiveMarketData,
    private readonly brokers: Brokers,
    private readonly feeds: TradingFeeds,
    private readonly clock: TradingClock,
  ) {}

  async measure(account: StoredAccount): Promise<MeasuredAccount> {
    const now = this.clock.now();
    const { calendar } = this.feeds.of(account.feed);
    const held = this.book.open(account.id);
    const dayLoss = await this.dailyLoss(account.id, new Date(calendar.tradingDayStart(now)));
    const drawdownPercent = await this.drawdown(account, held);
    const calls = this.brokers.callsOf(account.id);
    // Outside of a session nobody trades, so nothing is stale.
    const feedAgeMs =
      this.feeds.recorded || calendar.sessionAt(now) === undefined
        ? undefined
        : (this.live.feed(account.feed).getAll().ageMs ?? undefined);
    const { maxDailyLoss, maxDrawdownPercent } = effectiveLimits(
      DEFAULT_LIMITS[account.currency as Currency],
      await selectScopedLimits(this.database.orm),
      { accountId: account.id },
    );
    const figures = { dailyLoss: dayLoss?.toNumber(), drawdownPercent, brokerCalls: calls, feedAgeMs };
    return {
      figures,
      limits: { maxDailyLoss, maxDrawdownPercent },
      shown: {
        accountId: account.id,
        dailyLoss: figures.dailyLoss ?? null,
        drawdownPercent: drawdownPercent ?? null,
        failedCalls: calls.failed,
        calls: calls.total,
        feedAgeMs: feedAgeMs ?? null,
      },
    };
  }

  /** Realised today and open now, as the risk check counts it; `undefined` while a position has no price. */
  private async dailyLoss(accountId: string, since: Date): Promise<Money | undefined> {
    const [row] = await this.database.orm
      .select({ net: sql<string>`coalesce(sum(${fills.realized} - ${fills.fee}), 0)::text` })
      .from(fills)
      .where(and(eq(fills.accountId, accountId), gte(fills.filledAt, since)));
    let profit = money(row?.net ?? 0);
    for (const position of this.book.open(accountId)) {
      const mark = this.market.mark(position.symbol);
      if (!mark) return undefined;
      profit = profit.plus(unrealized(toHolding(position), mark.price));
    }
    return profit.negated();
  }

  private async drawdown(
    account: StoredAccount,
    held: ReturnType<PositionBook['open']>,
  ): Promise<number | undefined> {
    const { equity } = valueHoldings(
      money(account.cash),
      held.map((row) => ({ ...toHolding(row), mark: this.market.mark(row.symbol)?.price })),
    );
    const [peak] = await this.database.orm
      .select({ peak: equityPeaks.peak })
      .from(equityPeaks)
      .where(eq(equityPeaks.accountId, account.id));
    if (!equity || !peak || money(peak.peak).lte(ZERO)) return undefined;
    const fall = money(peak.peak).minus(equity).div(peak.peak).times(100).toNumber();
    return Math.max(0, fall);
  }
}
