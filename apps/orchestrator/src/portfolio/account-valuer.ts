import { Injectable } from '@nestjs/common';
import { cashOf, money, type Money, sumOf, valueHoldings } from '@tickbridge/trading-core';
import { MarketView } from '../market/market-view';
import { PositionBook } from '../positions/position-book';
import { type PositionRow, toHolding } from '../rows/position.rows';

/** What something is worth now. */
export interface Valuation {
  /** Of an account its equity; of a strategy its profit after fees. */
  equity: Money;
  realized: Money;
  unrealized: Money;
  fees: Money;
  grossExposure: Money;
  netExposure: Money;
}

/** Values accounts and strategies from the positions in memory, at the newest prices. No I/O. */
@Injectable()
export class AccountValuer {
  constructor(
    private readonly book: PositionBook,
    private readonly market: MarketView,
  ) {}

  /**
   * @param base cash without the effect of any fill
   * @returns `undefined` while something held has no price
   */
  account(accountId: string, base: string): Valuation | undefined {
    return this.value(this.book.all(accountId), base);
  }

  /** @returns `undefined` while something held has no price */
  strategy(accountId: string, strategy: string): Valuation | undefined {
    const rows = this.book.all(accountId).filter((row) => row.strategy === strategy);
    return this.value(rows, '0');
  }

  private value(rows: readonly PositionRow[], capital: string): Valuation | undefined {
    const holdings = rows.map((row) => ({
      ...toHolding(row),
      mark: this.market.mark(row.symbol)?.price,
    }));
    const { equity, unrealized, grossExposure, netExposure } = valueHoldings(
      cashOf(money(capital), holdings),
      holdings,
    );
    if (!equity || !unrealized || !grossExposure || !netExposure) return undefined;
    return {
      equity,
      unrealized,
      grossExposure,
      netExposure,
      realized: sumOf(rows.map(({ realized }) => realized)),
      fees: sumOf(rows.map(({ fees }) => fees)),
    };
  }
}
