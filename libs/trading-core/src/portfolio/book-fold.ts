import { money, type Money, type MoneyInput, moneyText, ZERO } from '../money/money';
import { applyTrade, EMPTY_HOLDING, type Holding } from './holding';
import { holdingKey, type PortfolioTrade } from './portfolio';

/** A position as it is stored. */
export interface StoredPosition {
  strategy: string;
  symbol: string;
  quantity: MoneyInput;
  cost: MoneyInput;
  realized: MoneyInput;
  fees: MoneyInput;
  closedNet: MoneyInput;
}

/** Something that is stored otherwise than the fills say; `null` what is missing on one side. */
export interface BookDifference {
  what: string;
  stored: string | null;
  computed: string | null;
}

const FIGURES = ['quantity', 'cost', 'realized', 'fees', 'closedNet'] as const;

/** The books of an account, made from nothing but its capital and its fills, oldest first. */
export class BookFold {
  private readonly byKey = new Map<string, { strategy: string; symbol: string; holding: Holding }>();
  private balance: Money;
  private count = 0;

  constructor(capital: MoneyInput) {
    this.balance = money(capital);
  }

  get cash(): Money {
    return this.balance;
  }

  get trades(): number {
    return this.count;
  }

  /** @returns profit of the quantity the trade closed, before its fee */
  add(trade: PortfolioTrade): Money {
    const { strategy, symbol } = trade;
    const key = holdingKey(strategy, symbol);
    const effect = applyTrade(this.byKey.get(key)?.holding ?? EMPTY_HOLDING, trade);
    this.byKey.set(key, { strategy, symbol, holding: effect.holding });
    this.balance = this.balance.plus(effect.cash);
    this.count += 1;
    return effect.realized;
  }

  holding(strategy: string, symbol: string): Holding {
    return this.byKey.get(holdingKey(strategy, symbol))?.holding ?? EMPTY_HOLDING;
  }

  /** Compares to the last digit. */
  differences(positions: readonly StoredPosition[], cash: MoneyInput): BookDifference[] {
    const found = difference('cash', money(cash), this.balance);
    const stored = new Set(positions.map(({ strategy, symbol }) => holdingKey(strategy, symbol)));
    for (const position of positions) {
      const { strategy, symbol } = position;
      const computed = this.holding(strategy, symbol);
      for (const figure of FIGURES) {
        found.push(
          ...difference(`${figure} of ${strategy} in ${symbol}`, money(position[figure]), computed[figure]),
        );
      }
    }
    for (const [key, { strategy, symbol, holding }] of this.byKey) {
      if (stored.has(key)) continue;
      found.push({
        what: `quantity of ${strategy} in ${symbol}`,
        stored: null,
        computed: moneyText(holding.quantity),
      });
    }
    return found;
  }
}

/**
 * Cash of an account from its positions alone: what was paid for open quantity is away, profit is there, fees are not.
 * The same as the fold of the cash effects of all fills.
 */
export function cashOf(
  capital: MoneyInput,
  holdings: Iterable<Pick<Holding, 'cost' | 'realized' | 'fees'>>,
): Money {
  let cash = money(capital);
  for (const { cost, realized, fees } of holdings) cash = cash.minus(cost).plus(realized).minus(fees);
  return cash;
}

/** One difference, or none. */
export function difference(what: string, stored: Money, computed: Money): BookDifference[] {
  if (stored.eq(computed)) return [];
  return [{ what, stored: moneyText(stored), computed: moneyText(computed) }];
}

/** Sum of the money texts. */
export function sumOf(values: Iterable<MoneyInput>): Money {
  let sum = ZERO;
  for (const value of values) sum = sum.plus(value);
  return sum;
}
