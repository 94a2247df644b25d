import type { OrderSide } from '@tickbridge/contracts';
import { money, ZERO, type Money, type MoneyInput } from '../money/money';
import { applyTrade, EMPTY_HOLDING, type Holding, type TradeFacts } from './holding';

/** Trade with the holding it belongs to. */
export interface PortfolioTrade extends TradeFacts {
  strategy: string;
  symbol: string;
  side: OrderSide;
}

export interface PortfolioState {
  readonly capital: Money;
  readonly cash: Money;
  readonly realized: Money;
  readonly fees: Money;
  /** By `holdingKey`. */
  readonly holdings: ReadonlyMap<string, Holding>;
}

/** A portfolio at given prices. Figures that need a missing price are `null`. */
export interface PortfolioValue {
  unrealized: Money | null;
  equity: Money | null;
  grossExposure: Money | null;
  netExposure: Money | null;
  openPositions: number;
}

export function holdingKey(strategy: string, symbol: string): string {
  return JSON.stringify([strategy, symbol]);
}

export function symbolOfKey(key: string): string {
  const [, symbol] = JSON.parse(key) as [string, string];
  return symbol;
}

export function emptyPortfolio(capital: MoneyInput): PortfolioState {
  const start = money(capital);
  return { capital: start, cash: start, realized: ZERO, fees: ZERO, holdings: new Map() };
}

export function applyToPortfolio(portfolio: PortfolioState, trade: PortfolioTrade): PortfolioState {
  const key = holdingKey(trade.strategy, trade.symbol);
  const effect = applyTrade(portfolio.holdings.get(key) ?? EMPTY_HOLDING, trade);
  return {
    capital: portfolio.capital,
    cash: portfolio.cash.plus(effect.cash),
    realized: portfolio.realized.plus(effect.realized),
    fees: portfolio.fees.plus(trade.fee),
    holdings: new Map(portfolio.holdings).set(key, effect.holding),
  };
}

/** The portfolio after all its trades, in order. */
export function foldTrades(capital: MoneyInput, trades: readonly PortfolioTrade[]): PortfolioState {
  return trades.reduce(applyToPortfolio, emptyPortfolio(capital));
}

/** An open quantity with its cost and its price, if one is known. */
export interface MarkedHolding {
  quantity: Money;
  cost: Money;
  mark: MoneyInput | undefined;
}

/** Value of cash and holdings; one missing price makes every figure that needs it `null`. */
export function valueHoldings(cash: Money, holdings: Iterable<MarkedHolding>): PortfolioValue {
  let profit: Money | null = ZERO;
  let gross: Money | null = ZERO;
  let net: Money | null = ZERO;
  let openPositions = 0;
  for (const { quantity, cost, mark } of holdings) {
    if (quantity.isZero()) continue;
    openPositions += 1;
    if (mark === undefined) {
      profit = gross = net = null;
      continue;
    }
    const value = quantity.times(mark);
    profit = profit?.plus(value.minus(cost)) ?? null;
    gross = gross?.plus(value.abs()) ?? null;
    net = net?.plus(value) ?? null;
  }
  return {
    unrealized: profit,
    equity: net ? cash.plus(net) : null,
    grossExposure: gross,
    netExposure: net,
    openPositions,
  };
}

/** Value of a portfolio at prices by symbol. */
export function valuePortfolio(
  portfolio: PortfolioState,
  marks: ReadonlyMap<string, MoneyInput>,
): PortfolioValue {
  const marked = [...portfolio.holdings].map(([key, { quantity, cost }]) => ({
    quantity,
    cost,
    mark: marks.get(symbolOfKey(key)),
  }));
  return valueHoldings(portfolio.cash, marked);
}
