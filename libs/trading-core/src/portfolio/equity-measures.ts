import { money, Money, type MoneyInput, ZERO } from '../money/money';

/** How far an equity is below the highest it has been. */
export interface Drawdown {
  /** Highest equity, the present one included. */
  readonly peak: Money;
  /** Peak less equity, never below zero, in the account's currency. */
  readonly amount: Money;
  /** `amount` in percent of the peak; zero while the peak is not above zero. */
  readonly percent: number;
}

/**
 * Drawdown of an equity: the one measure that rule, kill ladder, pages and backtest use.
 *
 * @param peak highest equity before; of an account that never had more, the capital it started with
 */
export function drawdown(equity: MoneyInput, peak: MoneyInput): Drawdown {
  const now = money(equity);
  const highest = Money.max(peak, now);
  const amount = highest.minus(now);
  return { peak: highest, amount, percent: highest.gt(0) ? amount.div(highest).times(100).toNumber() : 0 };
}

/** What the profit of a day is made of; all in the account's currency. */
export interface DayEquity {
  /** Equity at the start of the trading day. */
  readonly opening: MoneyInput;
  /** Equity now. */
  readonly equity: MoneyInput;
  /** Money paid in since then, less what was paid out: neither profit nor loss. */
  readonly transfers?: MoneyInput;
}

/**
 * Profit of the trading day: the change of equity since its start, open profit and fees included, transfers taken out.
 *
 * The one measure that rule, kill ladder, pages and backtest use. What was earned or lost on earlier days and is still
 * open counts for those days, not for this one.
 */
export function dayProfit({ opening, equity, transfers = ZERO }: DayEquity): Money {
  return money(equity).minus(opening).minus(transfers);
}

/** Loss of the trading day, positive for a loss. */
export function dayLoss(day: DayEquity): Money {
  return dayProfit(day).negated();
}
