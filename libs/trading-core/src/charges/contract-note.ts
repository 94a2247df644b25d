import type { Money } from '../money/money';
import type { ChargeTerm } from './charge-table';
import { addedCharges, type Charges, roundedTo } from './charges-of';

/** The charges of a day as a contract note states them, beside what its orders were booked with. */
export interface ContractNote {
  readonly charges: Charges;
  /** What the note rounds: its charges less those of the orders, by item; zero is left out. */
  readonly rounding: Charges;
}

/**
 * The contract note of a day.
 *
 * Orders are booked to the smallest unit of money; the note rounds the sum of a day, the transaction tax to the rupee.
 * Rounding each order so would be wrong by up to half a rupee an order, always downwards for small ones.
 *
 * @param orders charges of each order of the day
 * @param terms under which they were charged
 */
export function contractNote(orders: Iterable<Charges>, terms: readonly ChargeTerm[]): ContractNote {
  const booked = addedCharges(orders);
  const roundings = new Map(
    terms.flatMap(({ item, noteRounding }) => (noteRounding ? [[item, noteRounding] as const] : [])),
  );
  const charges = new Map<string, Money>();
  const rounding = new Map<string, Money>();
  for (const [item, amount] of booked) {
    const rule = roundings.get(item);
    const stated = rule ? roundedTo(amount, rule) : amount;
    if (!stated.isZero()) charges.set(item, stated);
    const difference = stated.minus(amount);
    if (!difference.isZero()) rounding.set(item, difference);
  }
  return { charges, rounding };
}
