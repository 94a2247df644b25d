import { decimalOf } from '@tickbridge/contracts';
import type { Quote } from './market-update';

/** No market has figures beyond these; what is computed from them stays a number. */
export const LARGEST_FIGURE = 1e15;
export const SMALLEST_PRICE = 1e-15;

/**
 * Best quote from a vendor's four fields. A zero price means that nobody quotes that side.
 *
 * @returns `NaN` prices stay `NaN`: the gate rejects them by name
 */
export function quoteOf(bid: unknown, bidQuantity: unknown, ask: unknown, askQuantity: unknown): Quote {
  const bidPrice = decimalOf(bid);
  const askPrice = decimalOf(ask);
  return {
    bid: bidPrice === 0 ? null : bidPrice,
    bidQuantity: bidPrice === 0 ? null : quantityOf(bidQuantity),
    ask: askPrice === 0 ? null : askPrice,
    askQuantity: askPrice === 0 ? null : quantityOf(askQuantity),
  };
}

/**
 * A quantity the vendor may leave out.
 *
 * @returns `null` for what was left out; what is there but no quantity stays `NaN` or negative: the gate rejects it by name
 */
export function quantityOf(field: unknown): number | null {
  return field === undefined || field === null || field === '' ? null : decimalOf(field);
}

/** A figure of the day the vendor may leave out; only a finite number from zero up counts. */
export function optionalQuantityOf(field: unknown): number | null {
  const quantity = decimalOf(field);
  return quantity >= 0 && quantity <= LARGEST_FIGURE ? quantity : null;
}

/** A price the vendor may leave out or fill with zero; only a finite number above zero counts. */
export function optionalPriceOf(field: unknown): number | null {
  const price = decimalOf(field);
  return price >= SMALLEST_PRICE && price <= LARGEST_FIGURE ? price : null;
}
