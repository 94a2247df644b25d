import { Injectable } from '@nestjs/common';
import type { GroupStatistics, StrategyPortfolio } from '@tickbridge/contracts';
import { Database, positions } from '@tickbridge/database';
import { drawdown, money, sumOf, valueHoldings, ZERO } from '@tickbridge/trading-core';
import { asc, eq } from 'drizzle-orm';
import type { StoredAccount } from '../accounts/account.repository';
import { MarketView } from '../market/market-view';
import { EquityRepository } from './equity.repository';
import { type PositionRow, toHolding } from '../rows/position.rows';
import { RoundTrips } from './round-trips';
import { roundForDisplay, roundForDisplayOrNull } from './round-for-display';

/** What each strategy has made of an account, valued at the newest prices. */
@Injectable()
export class StrategyPortfolios {
  constructor(
    private readonly database: Database,
    private readonly market: MarketView,
    private readonly samples: EquityRepository,
    private readonly trips: RoundTrips,
  ) {}

  async list(account: StoredAccount): Promise<StrategyPortfolio[]> {
    const { id } = account;
    const rows = await this.database.orm
      .select()
      .from(positions)
      .where(eq(positions.accountId, id))
      .orderBy(asc(positions.strategy), asc(positions.symbol));
    const statistics = await this.trips.statistics(account, 'strategy');
    const byGroup = new Map(statistics.map((one) => [one.group, one]));
    const byStrategy = new Map<string, PositionRow[]>();
    for (const row of rows) byStrategy.set(row.strategy, [...(byStrategy.get(row.strategy) ?? []), row]);
    return Promise.all(
      [...byStrategy].map(([strategy, own]) => this.one(id, strategy, own, byGroup.get(strategy))),
    );
  }

  private async one(
    accountId: string,
    strategy: string,
    rows: readonly PositionRow[],
    trades: Pick<GroupStatistics, 'wins' | 'losses'> | undefined,
  ): Promise<StrategyPortfolio> {
    const marked = rows.map((row) => ({ ...toHolding(row), mark: this.market.mark(row.symbol)?.price }));
    const value = valueHoldings(ZERO, marked);
    const realized = sumOf(rows.map((row) => row.realized));
    const fees = sumOf(rows.map((row) => row.fees));
    const net = value.unrealized && realized.plus(value.unrealized).minus(fees);
    const peak = (await this.samples.peak(accountId, strategy)) ?? money(0);
    return {
      accountId,
      strategy,
      openPositions: value.openPositions,
      realizedProfit: roundForDisplay(realized),
      unrealizedProfit: roundForDisplayOrNull(value.unrealized),
      fees: roundForDisplay(fees),
      netProfit: roundForDisplayOrNull(net),
      grossExposure: roundForDisplayOrNull(value.grossExposure),
      netExposure: roundForDisplayOrNull(value.netExposure),
      wins: trades?.wins ?? 0,
      losses: trades?.losses ?? 0,
      drawdown: net && roundForDisplay(drawdown(net, peak).amount),
    };
  }
}
