import { Injectable } from '@nestjs/common';
import type { StrategyPortfolio } from '@tickbridge/contracts';
import { Database, fills, positions } from '@tickbridge/database';
import { drawdown, money, sumOf, valueHoldings, ZERO } from '@tickbridge/trading-core';
import { asc, eq, sql } from 'drizzle-orm';
import type { StoredAccount } from '../accounts/account.repository';
import { MarketView } from '../market/market-view';
import { EquityRepository } from './equity.repository';
import { type PositionRow, toHolding } from '../rows/position.rows';
import { roundForDisplay, roundForDisplayOrNull } from './round-for-display';

interface Tally {
  wins: number;
  losses: number;
}

/** What each strategy has made of an account, valued at the newest prices. */
@Injectable()
export class StrategyPortfolios {
  constructor(
    private readonly database: Database,
    private readonly market: MarketView,
    private readonly samples: EquityRepository,
  ) {}

  async list({ id }: StoredAccount): Promise<StrategyPortfolio[]> {
    const rows = await this.database.orm
      .select()
      .from(positions)
      .where(eq(positions.accountId, id))
      .orderBy(asc(positions.strategy), asc(positions.symbol));
    const tallies = await this.tallies(id);
    const byStrategy = new Map<string, PositionRow[]>();
    for (const row of rows) byStrategy.set(row.strategy, [...(byStrategy.get(row.strategy) ?? []), row]);
    return Promise.all(
      [...byStrategy].map(([strategy, own]) => this.one(id, strategy, own, tallies.get(strategy))),
    );
  }

  private async one(
    accountId: string,
    strategy: string,
    rows: readonly PositionRow[],
    tally: Tally | undefined,
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
      wins: tally?.wins ?? 0,
      losses: tally?.losses ?? 0,
      drawdown: net && roundForDisplay(drawdown(net, peak).amount),
    };
  }

  private async tallies(accountId: string): Promise<Map<string, Tally>> {
    const profit = sql`${fills.realized} - ${fills.fee}`;
    const rows = await this.database.orm
      .select({
        strategy: fills.strategy,
        wins: sql<number>`count(*) filter (where ${fills.realized} <> 0 and ${profit} > 0)::int`,
        losses: sql<number>`count(*) filter (where ${fills.realized} <> 0 and ${profit} < 0)::int`,
      })
      .from(fills)
      .where(eq(fills.accountId, accountId))
      .groupBy(fills.strategy);
    return new Map(rows.map(({ strategy, ...tally }) => [strategy, tally]));
  }
}
