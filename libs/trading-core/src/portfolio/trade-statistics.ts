import type { RoundTrip, TradeStatistics } from '@tickbridge/contracts';
import { Money, money, moneyText, ZERO } from '../money/money';

/** What of a round trip its statistics need. */
export type MeasuredTrip = Pick<
  RoundTrip,
  'netProfit' | 'charges' | 'holdingMs' | 'bestExcursionPercent' | 'worstExcursionPercent'
>;

/** Decimals of means: money that was divided has no end. */
const MEAN_DECIMALS = 8;

/** Adds up round trips; the same for live accounts and backtests. */
export class TradeTally {
  private trades = 0;
  private net = ZERO;
  private charges = ZERO;
  private heldMs = 0;
  private readonly won = new Side();
  private readonly lost = new Side();
  private readonly best = new Mean();
  private readonly worst = new Mean();

  add(trip: MeasuredTrip): void {
    const net = money(trip.netProfit);
    this.trades += 1;
    this.net = this.net.plus(net);
    this.charges = this.charges.plus(trip.charges);
    this.heldMs += trip.holdingMs;
    if (net.gt(0)) this.won.add(net);
    else if (net.lt(0)) this.lost.add(net);
    this.best.add(trip.bestExcursionPercent);
    this.worst.add(trip.worstExcursionPercent);
  }

  statistics(): TradeStatistics {
    const { trades, won, lost } = this;
    return {
      trades,
      wins: won.count,
      losses: lost.count,
      breakEven: trades - won.count - lost.count,
      winRate: trades === 0 ? null : won.count / trades,
      netProfit: moneyText(this.net),
      charges: moneyText(this.charges),
      profitFactor: lost.sum.isZero() ? null : won.sum.div(lost.sum.abs()).toNumber(),
      expectancy: meanText(this.net, trades),
      averageWin: meanText(won.sum, won.count),
      averageLoss: meanText(lost.sum, lost.count),
      largestWin: won.extreme && moneyText(won.extreme),
      largestLoss: lost.extreme && moneyText(lost.extreme),
      averageHoldingMs: trades === 0 ? null : this.heldMs / trades,
      averageBestExcursionPercent: this.best.value,
      averageWorstExcursionPercent: this.worst.value,
    };
  }
}

/** Statistics of all trips at once. */
export function tradeStatistics(trips: Iterable<MeasuredTrip>): TradeStatistics {
  const tally = new TradeTally();
  for (const trip of trips) tally.add(trip);
  return tally.statistics();
}

/** Winners, or losers. */
class Side {
  count = 0;
  sum: Money = ZERO;
  /** The largest of them, whatever its sign. */
  extreme: Money | null = null;

  add(net: Money): void {
    this.count += 1;
    this.sum = this.sum.plus(net);
    if (this.extreme === null || net.abs().gt(this.extreme.abs())) this.extreme = net;
  }
}

/** Mean of the figures that are known. */
class Mean {
  private count = 0;
  private sum = 0;

  add(figure: number | null): void {
    if (figure === null) return;
    this.count += 1;
    this.sum += figure;
  }

  get value(): number | null {
    return this.count === 0 ? null : this.sum / this.count;
  }
}

function meanText(sum: Money, count: number): string | null {
  return count === 0 ? null : moneyText(sum.div(count).toDecimalPlaces(MEAN_DECIMALS));
}
