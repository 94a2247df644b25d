import { money, type Money, moneyText, ZERO } from '../money/money';

/** Amounts by charge, exact decimal text. */
export type ChargeTexts = Readonly<Record<string, string>>;

/** Amounts added up by charge; zero is left out. */
export function addedTexts(all: Iterable<ChargeTexts>): Record<string, string> {
  const sum = new Map<string, Money>();
  for (const texts of all) {
    for (const [item, amount] of Object.entries(texts)) sum.set(item, money(amount).plus(sum.get(item) ?? 0));
  }
  return Object.fromEntries(
    [...sum].filter(([, amount]) => !amount.isZero()).map(([item, amount]) => [item, moneyText(amount)]),
  );
}

/** What a note states beyond what was booked, by charge; a cheaper item is negative. */
export function noteDifference(booked: ChargeTexts, stated: ChargeTexts): Record<string, string> {
  const taken = Object.entries(booked).map(([item, amount]) => [item, moneyText(money(amount).negated())]);
  return addedTexts([stated, Object.fromEntries(taken) as ChargeTexts]);
}

export function totalOfTexts(texts: ChargeTexts): Money {
  return Object.values(texts).reduce((sum, amount) => sum.plus(amount), ZERO);
}
