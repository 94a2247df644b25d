import {
  type BacktestOrder,
  type BacktestResult,
  type BacktestStatistics,
  type Bar,
  barCloseTime,
  type RoundTrip,
  toIso,
} from '@tickbridge/contracts';
import { type Money, moneyText } from '../money/money';
import { TradeTally } from '../portfolio/trade-statistics';

const MAX_ORDERS_KEPT = 10_000;
const MAX_TRIPS_KEPT = 10_000;

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

/** Counts what a run does, and keeps its orders and round trips. */
export class BacktestTally {
  private readonly kept: BacktestOrder[] = [];
  private readonly reasons: Record<string, number> = {};
  private readonly denials: Record<string, number> = {};
  private bars = 0;
  private signals = 0;
  private orderCount = 0;
  private filled = 0;
  private readonly trips: RoundTrip[] = [];
  private readonly trades = new TradeTally();
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

  /** A position is flat again. */
  roundTrip(trip: RoundTrip): void {
    this.trades.add(trip);
    if (this.trips.length < MAX_TRIPS_KEPT) this.trips.push(trip);
  }

  orders(): Pick<BacktestResult, 'orders' | 'ordersOmitted' | 'roundTrips'> {
    return {
      orders: this.kept.map((order) => ({ ...order })),
      ordersOmitted: this.orderCount - this.kept.length,
      roundTrips: [...this.trips],
    };
  }

  statistics({ capital, equity, realized, fees, ...rest }: FinalFigures): BacktestStatistics {
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
      trades: this.trades.statistics(),
      firstBarAt: this.firstBarAt === undefined ? null : toIso(this.firstBarAt),
      lastBarAt: this.lastBarAt === undefined ? null : toIso(this.lastBarAt),
    };
  }
}
