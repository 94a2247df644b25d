import { Decimal } from 'decimal.js';

/** Exact decimals of the platform: 40 significant digits, half-even, never in exponent form. */
export const Money = Decimal.clone({ precision: 40, rounding: Decimal.ROUND_HALF_EVEN });
export type Money = Decimal;

/** What can become money. Numbers are read by their shortest decimal text, so `0.1` is exactly 0.1. */
export type MoneyInput = Decimal | string | number;

export function money(value: MoneyInput): Money {
  return new Money(value);
}

/** Decimal text as the contracts carry it: `-1204.35`. */
export function moneyText(value: Money): string {
  return value.isZero() ? '0' : value.toFixed();
}

export const ZERO: Money = new Money(0);
