import type { OrderSide, RoundTrip } from '@tickbridge/contracts';
import { toIso } from '@tickbridge/contracts';
import { money, type Money, type MoneyInput, moneyText, ZERO } from '../money/money';
import { chargeOf } from './holding';

/** A fill as round trips are made of. */
export interface TripFill {
  side: OrderSide;
  quantity: MoneyInput;
  price: MoneyInput;
  fee: MoneyInput;
  /** Time of the fill (ms since 1970). */
  at: number;
}

/** Highest and lowest price of a stretch of time. */
export interface PriceRange {
  high: number;
  low: number;
}

/** A position on its way: from its first fill until it is flat again. Exact. */
export interface OpenTrip {
  readonly direction: 'long' | 'short';
  readonly openedAt: number;
  readonly entered: Money;
  readonly entryValue: Money;
  readonly exited: Money;
  readonly exitValue: Money;
  readonly charges: Money;
  readonly fills: number;
}

/** A position that came to its end. */
export interface ClosedTrip extends OpenTrip {
  readonly closedAt: number;
}

/** A ten-thousandth of a basis point: what is beyond is noise of a division. */
const PERCENT_DECIMALS = 6;

/**
 * What a fill does to the trip of its strategy and symbol.
 *
 * A fill through zero ends one trip and begins another; its charge is shared by quantity.
 */
export function tripAfter(
  trip: OpenTrip | undefined,
  fill: TripFill,
): { open: OpenTrip | undefined; closed: ClosedTrip | undefined } {
  const quantity = money(fill.quantity);
  const fee = money(fill.fee);
  const direction = fill.side === 'BUY' ? 'long' : 'short';
  if (!trip) return { open: begun(fill, quantity, fee, direction), closed: undefined };
  if (trip.direction === direction) return { open: entered(trip, fill, quantity, fee), closed: undefined };
  const held = trip.entered.minus(trip.exited);
  if (quantity.lt(held)) return { open: left(trip, fill, quantity, fee), closed: undefined };
  const share = chargeOf(held, quantity, fee);
  const closed = { ...left(trip, fill, held, share), closedAt: fill.at };
  const beyond = quantity.minus(held);
  const open = beyond.isZero() ? undefined : begun(fill, beyond, fee.minus(share), direction);
  return { open, closed };
}

/** Profit of the prices alone. */
export function grossProfit({ direction, entryValue, exitValue }: OpenTrip): Money {
  const gained = exitValue.minus(entryValue);
  return direction === 'long' ? gained : gained.negated();
}

/** Profit after every charge of entry and exit. */
export function netProfit(trip: OpenTrip): Money {
  return grossProfit(trip).minus(trip.charges);
}

/** A closed trip as the contracts tell it. @param range prices while it was open; `null` when none are known */
export function toRoundTrip(
  key: Pick<RoundTrip, 'accountId' | 'strategy' | 'symbol'>,
  trip: ClosedTrip,
  range: PriceRange | null,
): RoundTrip {
  const entryPrice = trip.entryValue.div(trip.entered);
  const net = netProfit(trip);
  return {
    ...key,
    direction: trip.direction,
    quantity: trip.entered.toNumber(),
    entryPrice: entryPrice.toNumber(),
    exitPrice: trip.exitValue.div(trip.exited).toNumber(),
    openedAt: toIso(trip.openedAt),
    closedAt: toIso(trip.closedAt),
    holdingMs: trip.closedAt - trip.openedAt,
    grossProfit: moneyText(grossProfit(trip)),
    charges: moneyText(trip.charges),
    netProfit: moneyText(net),
    returnPercent: net.div(trip.entryValue).times(100).toDecimalPlaces(PERCENT_DECIMALS).toNumber(),
    ...excursions(trip, entryPrice, range),
    fills: trip.fills,
  };
}

function excursions({ direction }: OpenTrip, entryPrice: Money, range: PriceRange | null) {
  if (range === null) return { bestExcursionPercent: null, worstExcursionPercent: null };
  const percent = (price: number) =>
    money(price).minus(entryPrice).div(entryPrice).times(100).toDecimalPlaces(PERCENT_DECIMALS).toNumber();
  const up = Math.max(0, percent(range.high));
  const down = Math.min(0, percent(range.low));
  return direction === 'long'
    ? { bestExcursionPercent: up, worstExcursionPercent: down }
    : { bestExcursionPercent: 0 - down, worstExcursionPercent: 0 - up };
}

function begun(fill: TripFill, quantity: Money, charges: Money, direction: OpenTrip['direction']): OpenTrip {
  return {
    direction,
    openedAt: fill.at,
    entered: quantity,
    entryValue: quantity.times(fill.price),
    exited: ZERO,
    exitValue: ZERO,
    charges,
    fills: 1,
  };
}

function entered(trip: OpenTrip, { price }: TripFill, quantity: Money, charges: Money): OpenTrip {
  return {
    ...trip,
    entered: trip.entered.plus(quantity),
    entryValue: trip.entryValue.plus(quantity.times(price)),
    charges: trip.charges.plus(charges),
    fills: trip.fills + 1,
  };
}

function left(trip: OpenTrip, { price }: TripFill, quantity: Money, charges: Money): OpenTrip {
  return {
    ...trip,
    exited: trip.exited.plus(quantity),
    exitValue: trip.exitValue.plus(quantity.times(price)),
    charges: trip.charges.plus(charges),
    fills: trip.fills + 1,
  };
}
