import type { OrderSide } from '@tickbridge/contracts';
import type { GuardedPosition } from '../exits/position-guard';
import { money, type Money, type MoneyInput, ZERO } from '../money/money';
import { applyTrade, EMPTY_HOLDING, type Holding } from '../portfolio/holding';
import { holdingKey, type PortfolioValue, valueHoldings } from '../portfolio/portfolio';
import type { RiskHolding } from '../risk/risk-context';

/** What a fill does to the book. */
export interface BookedTrade {
  strategy: string;
  symbol: string;
  side: OrderSide;
  quantity: number;
  price: number;
  fee: string;
  /** Levels of the signal; they count when the trade opens a position. */
  stopLoss: number | null;
  target: number | null;
  /** Time of the fill (ms since 1970). */
  at: number;
}

interface Entry {
  strategy: string;
  symbol: string;
  holding: Holding;
  stopLoss: number | null;
  target: number | null;
  /** Time of the last fill. */
  updatedAt: number;
}

/** Cash and positions of the account that a backtest pretends to have. */
export class BacktestBook {
  private readonly entries = new Map<string, Entry>();
  private readonly held = new Map<string, Entry>();
  private money: Money;
  realized = ZERO;
  fees = ZERO;

  constructor(readonly capital: MoneyInput) {
    this.money = money(capital);
  }

  get cash(): Money {
    return this.money;
  }

  get openPositions(): number {
    return this.held.size;
  }

  /** @returns profit of the quantity the trade closed, before its fee; `null` when it closed nothing */
  book(trade: BookedTrade): Money | null {
    const key = holdingKey(trade.strategy, trade.symbol);
    const before = this.entries.get(key);
    const held = before?.holding ?? EMPTY_HOLDING;
    const effect = applyTrade(held, trade);
    const flat = effect.holding.quantity.isZero();
    const opens = held.quantity.isZero();
    const levels = opens ? trade : (before ?? trade);
    const entry: Entry = {
      strategy: trade.strategy,
      symbol: trade.symbol,
      holding: effect.holding,
      stopLoss: flat ? null : levels.stopLoss,
      target: flat ? null : levels.target,
      updatedAt: trade.at,
    };
    this.entries.set(key, entry);
    if (flat) this.held.delete(key);
    else this.held.set(key, entry);
    this.money = this.money.plus(effect.cash);
    this.realized = this.realized.plus(effect.realized);
    this.fees = this.fees.plus(trade.fee);
    const closes = !opens && held.quantity.isPositive() !== (trade.side === 'BUY');
    return closes ? effect.realized : null;
  }

  /** Signed open quantity. */
  quantity(strategy: string, symbol: string): number {
    return this.held.get(holdingKey(strategy, symbol))?.holding.quantity.toNumber() ?? 0;
  }

  /** When the strategy left the symbol, if it holds nothing there (ms since 1970). */
  lastExitAt(strategy: string, symbol: string): number | null {
    const entry = this.entries.get(holdingKey(strategy, symbol));
    return entry?.holding.quantity.isZero() === true ? entry.updatedAt : null;
  }

  guarded(symbol: string): GuardedPosition[] {
    return [...this.held.values()]
      .filter((entry) => entry.symbol === symbol)
      .map(({ strategy, holding, stopLoss, target }) => ({
        strategy,
        symbol,
        quantity: holding.quantity.toNumber(),
        stopLoss,
        target,
      }));
  }

  holdings(): RiskHolding[] {
    return [...this.held.values()].map(({ strategy, symbol, holding: { quantity, cost } }) => ({
      strategy,
      symbol,
      quantity,
      cost,
    }));
  }

  value(markOf: (symbol: string) => number | undefined): PortfolioValue {
    const marked = [...this.held.values()].map(({ symbol, holding: { quantity, cost } }) => ({
      quantity,
      cost,
      mark: markOf(symbol),
    }));
    return valueHoldings(this.money, marked);
  }
}
