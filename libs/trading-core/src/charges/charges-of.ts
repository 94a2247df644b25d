import type { OrderSide } from '@tickbridge/contracts';
import { Money, money, type MoneyInput, moneyText, ZERO } from '../money/money';
import type { ChargeTerm, ChargeTerms } from './charge-table';

/** What of an order is filled. */
export interface FilledOrder {
  readonly side: OrderSide;
  readonly quantity: Money;
  /** Sum of quantity times price over its fills, in the currency of the instrument. */
  readonly value: Money;
  /** The part of the value that was traded as maker. */
  readonly makerValue: Money;
  /** True when an earlier order of the day has carried what is charged once for the day and the instrument. */
  readonly dayCharged: boolean;
}

/** A trade of an order. */
export interface TradedPart {
  readonly quantity: MoneyInput;
  readonly price: MoneyInput;
  /** It rested in the book until somebody met it. */
  readonly maker?: boolean;
}

/** Charges by item, each above zero, in the currency of the instrument. */
export type Charges = ReadonlyMap<string, Money>;

/** An order before its first fill. */
export function unfilled(side: OrderSide, dayCharged = false): FilledOrder {
  return { side, quantity: ZERO, value: ZERO, makerValue: ZERO, dayCharged };
}

/** The order after one more fill. */
export function filledBy(order: FilledOrder, { quantity, price, maker }: TradedPart): FilledOrder {
  const value = money(quantity).times(price);
  return {
    ...order,
    quantity: order.quantity.plus(quantity),
    value: order.value.plus(value),
    makerValue: maker ? order.makerValue.plus(value) : order.makerValue,
  };
}

/**
 * The charges of what of an order is filled: caps and least amounts are of the order, whatever its fills.
 *
 * Each item is rounded as its file says; a tax on other items is one on their rounded amounts, as notes print them.
 */
export function chargesOf(order: FilledOrder, { terms, lotSize }: ChargeTerms): Charges {
  const charges = new Map<string, Money>();
  if (order.quantity.isZero()) return charges;
  const counting = terms.filter(
    ({ side, oncePerDay }) =>
      (side === undefined || side === order.side) && !(oncePerDay && order.dayCharged),
  );
  const add = (item: string, amount: Money) => {
    if (amount.gt(0)) charges.set(item, amount.plus(charges.get(item) ?? 0));
  };
  for (const term of counting) if (!term.of) add(term.item, rounded(amountOf(order, term, lotSize), term));
  for (const term of counting) {
    if (!term.of) continue;
    const base = term.of.reduce((sum, item) => sum.plus(charges.get(item) ?? 0), ZERO);
    add(term.item, rounded(base.times(term.rate ?? 0), term));
  }
  return charges;
}

/** What one more fill adds: the order's charges after it less those before it. Splitting an order changes nothing. */
export function chargesOfFill(before: FilledOrder, fill: TradedPart, terms: ChargeTerms): Charges {
  const earlier = chargesOf(before, terms);
  const added = [...chargesOf(filledBy(before, fill), terms)].map(
    ([item, amount]) => [item, amount.minus(earlier.get(item) ?? 0)] as const,
  );
  return new Map(added.filter(([, amount]) => !amount.isZero()));
}

/** Charges of a purchase and a sale of the same quantity at the same price. */
export function roundTripCharges(part: TradedPart, terms: ChargeTerms): Charges {
  return addedCharges(
    (['BUY', 'SELL'] as const).map((side) => chargesOf(filledBy(unfilled(side), part), terms)),
  );
}

/** The charges of several together. */
export function addedCharges(all: Iterable<Charges>): Charges {
  const sum = new Map<string, Money>();
  for (const charges of all) {
    for (const [item, amount] of charges) sum.set(item, amount.plus(sum.get(item) ?? 0));
  }
  return sum;
}

export function totalOf(charges: Charges): Money {
  return [...charges.values()].reduce((sum, amount) => sum.plus(amount), ZERO);
}

/** Charges as the contracts carry them: exact decimal text by item. */
export function chargeTexts(charges: Charges): Record<string, string> {
  return Object.fromEntries([...charges].map(([item, amount]) => [item, moneyText(amount)]));
}

function amountOf(order: FilledOrder, term: ChargeTerm, lotSize: number | null): Money {
  const { rate = 0, makerRate = rate, perOrder = 0, perUnit = 0, perLot = 0, leastPerUnit = 0 } = term;
  const taken = order.value.minus(order.makerValue).times(rate).plus(order.makerValue.times(makerRate));
  const lots = lotSize === null ? ZERO : order.quantity.div(lotSize);
  const amount = taken.plus(perOrder).plus(order.quantity.times(perUnit)).plus(lots.times(perLot));
  const least = Money.max(amount, order.quantity.times(leastPerUnit));
  return term.mostPerOrder === undefined ? least : Money.min(least, term.mostPerOrder);
}

function rounded(amount: Money, { rounding }: Pick<ChargeTerm, 'rounding'>): Money {
  return roundedTo(amount, rounding);
}

/** An amount on the multiple of a rounding. */
export function roundedTo(amount: Money, { to, mode }: ChargeTerm['rounding']): Money {
  return amount.toNearest(to, mode === 'up' ? Money.ROUND_CEIL : Money.ROUND_HALF_UP);
}
