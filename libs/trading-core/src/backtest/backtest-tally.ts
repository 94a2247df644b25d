import {
  type BacktestOrder,
  type BacktestResult,
  type BacktestStatistics,
  type Bar,
  barCloseTime,
  toIso,
} from '@tickbridge/contracts';
import { type Money, moneyText, ZERO } from '../money/money';

const MAX_ORDERS_KEPT = 10_000;

/** Money figures of the end of a run. */
export interface FinalFigures {
  currency: string;
  capital: Money;
  equity: Money | null;
  realized: Money;
  fees: Money;
  maxDrawdownPercent: number;
  symbols: number;
  openPositions: number;
}

/** Counts what a run does, and keeps its orders. */
export class BacktestTally {
  private readonly kept: BacktestOrder[] = [];
  private readonly reasons: Record<string, number> = {};
  private readonly denials: Record<string, number> = {};
  private bars = 0;
  private signals = 0;
  private orderCount = 0;
  private filled = 0;
  private wins = 0;
  private losses = 0;
  private gain = ZERO;
  private loss = ZERO;
  private firstBarAt: number | undefined;
  private lastBarAt: number | undefined;

  bar(bar: Bar): void {
    this.bars += 1;
    this.firstBarAt = Math.min(this.firstBarAt ?? bar.openTime, bar.openTime);
    this.lastBarAt = Math.max(this.lastBarAt ?? 0, barCloseTime(bar));
  }

  signal(): void {
    this.signals += 1;
  }

  withoutOrder(reason: string): void {
    this.reasons[reason] = (this.reasons[reason] ?? 0) + 1;
  }

  /** A new order; its record may change until the end. */
  order(order: BacktestOrder): void {
    this.orderCount += 1;
    if (this.kept.length < MAX_ORDERS_KEPT) this.kept.push(order);
    if (!order.rejection) return;
    this.denials[order.rejection.code] = (this.denials[order.rejection.code] ?? 0) + 1;
  }

  /** An order is filled as a whole. */
  orderFilled(): void {
    this.filled += 1;
  }

  /** @param realized profit of the quantity a fill closed, before its fee; `null` when it closed nothing */
  fill(realized: Money | null, fee: string): void {
    if (realized === null) return;
    const profit = realized.minus(fee);
    if (profit.gt(0)) {
      this.wins += 1;
      this.gain = this.gain.plus(profit);
    } else {
      this.losses += 1;
      this.loss = this.loss.minus(profit);
    }
  }

  orders(): Pick<BacktestResult, 'orders' | 'ordersOmitted'> {
    return {
      orders: this.kept.map((order) => ({ ...order })),
      ordersOmitted: this.orderCount - this.kept.length,
    };
  }

  statistics({ capital, equity, realized, fees, ...rest }: FinalFigures): BacktestStatistics {
    const closedTrades = this.wins + this.losses;
    return {
      ...rest,
      capital: moneyText(capital),
      equity: equity && moneyText(equity),
      realizedProfit: moneyText(realized),
      fees: moneyText(fees),
      returnPercent: equity && equity.minus(capital).div(capital).times(100).toNumber(),
      bars: this.bars,
      signals: this.signals,
      withoutOrder: { ...this.reasons },
      orders: this.orderCount,
      filled: this.filled,
      denied: { ...this.denials },
      closedTrades,
      wins: this.wins,
      losses: this.losses,
      winRate: closedTrades === 0 ? null : this.wins / closedTrades,
      profitFactor: this.loss.isZero() ? null : this.gain.div(this.loss).toNumber(),
      firstBarAt: this.firstBarAt === undefined ? null : toIso(this.firstBarAt),
      lastBarAt: this.lastBarAt === undefined ? null : toIso(this.lastBarAt),
    };
  }
}
