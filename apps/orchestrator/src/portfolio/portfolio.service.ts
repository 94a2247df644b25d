import { Injectable } from '@nestjs/common';
import { type Portfolio, type Position, toIso } from '@tickbridge/contracts';
import { Database, positions } from '@tickbridge/database';
import { averagePrice, money, unrealized, valueHoldings, ZERO } from '@tickbridge/trading-core';
import { asc, eq } from 'drizzle-orm';
import { AccountRepository, type StoredAccount } from '../accounts/account.repository';
import { TradingClock } from '../market/trading-clock';
import { MarketView } from '../market/market-view';
import { EquityProgress } from './equity.progress';
import { type PositionRow, toHolding } from '../rows/position.rows';
import { roundForDisplay, roundForDisplayOrNull } from './round-for-display';
import { AccountSettlement, Settlements } from './settlements';

const NOTHING_TO_SETTLE = new AccountSettlement({ shares: new Map(), cash: ZERO });

/** Positions and portfolios, valued at the newest prices; without a price a value is `null`. */
@Injectable()
export class PortfolioService {
  constructor(
    private readonly database: Database,
    private readonly accounts: AccountRepository,
    private readonly market: MarketView,
    private readonly clock: TradingClock,
    private readonly progress: EquityProgress,
    private readonly settlements: Settlements,
  ) {}

  /** Positions of the feed's accounts, or of one account. */
  async positions({ account, all }: { account?: string | undefined; all: boolean }): Promise<Position[]> {
    const one = account === undefined ? undefined : await this.accounts.find(account);
    const wanted = account === undefined ? await this.accounts.tradable() : one ? [one] : [];
    const lists = await Promise.all(
      wanted.map(async (each) => {
        const rows = (await this.rows(each.id)).filter(({ quantity }) => all || !money(quantity).isZero());
        // Only what is held for delivery is settled.
        const settlement = rows.some(({ product }) => product === 'delivery')
          ? await this.settlements.of(each)
          : NOTHING_TO_SETTLE;
        return rows.map((row) => ({ ...this.toPosition(row), ...settlement.position(row) }));
      }),
    );
    return lists.flat();
  }

  async portfolio(account: StoredAccount): Promise<Portfolio> {
    const rows = await this.rows(account.id);
    const value = valueHoldings(
      money(account.cash),
      rows.map((row) => ({ ...toHolding(row), mark: this.market.mark(row.symbol)?.price })),
    );
    const total = (pick: (row: PositionRow) => string) =>
      rows.reduce((sum, row) => sum.plus(pick(row)), ZERO);
    return {
      accountId: account.id,
      currency: account.currency,
      capital: account.capital,
      cash: roundForDisplay(money(account.cash)),
      unsettledCash: roundForDisplay((await this.settlements.of(account)).cash),
      realizedProfit: roundForDisplay(total(({ realized }) => realized)),
      unrealizedProfit: roundForDisplayOrNull(value.unrealized),
      equity: roundForDisplayOrNull(value.equity),
      fees: roundForDisplay(total(({ fees }) => fees)),
      grossExposure: roundForDisplayOrNull(value.grossExposure),
      netExposure: roundForDisplayOrNull(value.netExposure),
      openPositions: value.openPositions,
      ...(await this.progress.of(account, value.equity)),
      asOf: toIso(this.clock.now()),
    };
  }

  private async rows(accountId: string): Promise<PositionRow[]> {
    return this.database.orm
      .select()
      .from(positions)
      .where(eq(positions.accountId, accountId))
      .orderBy(asc(positions.symbol), asc(positions.strategy));
  }

  private toPosition(row: PositionRow): Omit<Position, 'settledQuantity' | 'settlesOn'> {
    const holding = toHolding(row);
    const mark = this.market.mark(row.symbol);
    return {
      accountId: row.accountId,
      symbol: row.symbol,
      strategy: row.strategy,
      product: row.product,
      quantity: holding.quantity.toNumber(),
      averagePrice: averagePrice(holding)?.toNumber() ?? null,
      markPrice: mark?.price ?? null,
      markAgeMs: mark?.ageMs ?? null,
      stopLoss: row.stopLoss,
      takeProfit: row.target,
      groupId: row.groupId,
      realizedProfit: roundForDisplay(holding.realized),
      unrealizedProfit: mark ? roundForDisplay(unrealized(holding, mark.price)) : null,
      fees: roundForDisplay(holding.fees),
      updatedAt: toIso(row.updatedAt.getTime()),
    };
  }
}
