import type { Signal } from '@tickbridge/contracts';
import type { ChargeTerms } from '../charges/charge-table';
import { roundTripCharges, totalOf } from '../charges/charges-of';
import type { PaperFillModel } from '../execution/paper-fill';
import { Money, money, ZERO } from '../money/money';

/** Least expected move of an entry while nobody chose another, as a multiple of what its round trip costs. */
export const DEFAULT_LEAST_EDGE = 2;

/** An entry as it would be ordered, with what is known of its costs. */
export interface CostedEntry {
  readonly quantity: number;
  /** Price that the entry meets. */
  readonly price: number;
  /** Best quotes; `null` where nobody quotes. */
  readonly bid: number | null;
  readonly ask: number | null;
  /** What entry and exit are charged. */
  readonly charges: ChargeTerms;
  /** Slippage, and half the spread where nobody quotes. */
  readonly assumed: PaperFillModel;
}

/** An entry whose expected move does not pay for its costs often enough. Fractions of the price. */
export interface EdgeShortfall {
  readonly expectedMove: number;
  readonly cost: number;
}

/**
 * How far a signal expects the price to move in its favour: to the target of its position, or where the settings leave none
 * to the one that the strategy named. `null` when it names none.
 */
export function expectedMoveOf({ target, price, components }: Signal): Money | null {
  if (target !== null) return money(target).minus(price).abs();
  const { expectedMove } = components;
  return expectedMove === undefined ? null : money(expectedMove);
}

/** What entering and leaving cost: charges of both orders, one spread, slippage of both; at the price of the entry. */
export function roundTripCost({ quantity, price, bid, ask, charges, assumed }: CostedEntry): Money {
  const value = money(price).times(quantity);
  const bps = (share: number) => value.times(share).div(10_000);
  const spread =
    bid !== null && ask !== null
      ? Money.max(ZERO, money(ask).minus(bid)).times(quantity)
      : bps(2 * assumed.halfSpreadBps);
  return totalOf(roundTripCharges({ quantity, price }, charges))
    .plus(spread)
    .plus(bps(2 * assumed.slippageBps));
}

/**
 * Why an entry is not worth its costs; `undefined` when it is, or when its signal does not say what it expects.
 *
 * @param leastEdge multiple of the costs that the expected move must reach; 0 asks for nothing
 */
export function edgeShortfall(
  signal: Signal,
  leastEdge: number,
  entry: CostedEntry,
): EdgeShortfall | undefined {
  const move = expectedMoveOf(signal);
  if (move === null || leastEdge === 0) return undefined;
  const cost = roundTripCost(entry);
  if (move.times(entry.quantity).gte(cost.times(leastEdge))) return undefined;
  const value = money(entry.price).times(entry.quantity);
  return { expectedMove: move.div(entry.price).toNumber(), cost: cost.div(value).toNumber() };
}

/** The shortfall in a sentence for people. */
export function shortfallText(
  { symbol, action }: Pick<Signal, 'symbol' | 'action'>,
  { expectedMove, cost }: EdgeShortfall,
  leastEdge: number,
): string {
  const percent = (fraction: number) => `${(fraction * 100).toFixed(3)} %`;
  return `${action} ${symbol}: the expected move of ${percent(expectedMove)} is less than ${leastEdge} times the costs of ${percent(cost)}`;
}
