import { money, type MoneyInput, moneyText } from '@tickbridge/trading-core';

/** Money text is rounded to this many places for people; the books keep every digit. */
const SHOWN_DECIMALS = 8;

export function roundForDisplay(value: MoneyInput): string {
  return moneyText(money(value).toDecimalPlaces(SHOWN_DECIMALS));
}

export function roundForDisplayOrNull(value: MoneyInput | null | undefined): string | null {
  return value === null || value === undefined ? null : roundForDisplay(value);
}
