import type { OrderSide } from '@tickbridge/contracts';
import { money, Money, type MoneyInput, ZERO } from '../money/money';

/** A fill as lots are made of; all of one account, symbol and product. */
export interface LotFill {
  readonly side: OrderSide;
  readonly quantity: MoneyInput;
  readonly price: MoneyInput;
  readonly fee: MoneyInput;
  /** Trading day of the market, `2026-11-20`. */
  readonly day: string;
}

/** A quantity that was opened by one fill and closed by another. Exact. */
export interface ClosedLot {
  readonly direction: 'long' | 'short';
  readonly quantity: Money;
  readonly openedDay: string;
  readonly openPrice: Money;
  readonly closedDay: string;
  readonly closePrice: Money;
  /** Share of both fills' charges. */
  readonly charges: Money;
}

/** A charge is parted at so many decimals; the last part of a fill gets the rest, so nothing is lost. */
const CHARGE_DECIMALS = 12;

/** What is left of a fill. */
interface OpenLot {
  readonly fill: LotFill;
  readonly left: Money;
  readonly charges: Money;
}

/**
 * Pairs fills, the first in with the first out.
 *
 * @param fills oldest first
 * @param sameDayFirst purchases and sales of one day are paired before older ones, as India's tax law has it for shares
 */
export function taxLots(fills: readonly LotFill[], sameDayFirst: boolean): ClosedLot[] {
  const lots: ClosedLot[] = [];
  let open: OpenLot[] = [];
  for (const ofDay of byDay(fills)) {
    const fresh = ofDay.map((fill) => ({ fill, left: money(fill.quantity), charges: money(fill.fee) }));
    const rest = sameDayFirst ? pair([], fresh, lots) : fresh;
    open = pair(open, rest, lots);
  }
  return lots;
}

/** Closes what is open with what comes, oldest first. @returns what is open then */
function pair(before: readonly OpenLot[], coming: readonly OpenLot[], lots: ClosedLot[]): OpenLot[] {
  const open = [...before];
  for (let lot of coming) {
    while (lot.left.gt(0) && open[0] && open[0].fill.side !== lot.fill.side) {
      const [oldest] = open;
      const quantity = Money.min(oldest.left, lot.left);
      const [ofOldest, opened] = takenFrom(oldest, quantity);
      const [ofLot, closing] = takenFrom(lot, quantity);
      lots.push({
        direction: oldest.fill.side === 'BUY' ? 'long' : 'short',
        quantity,
        openedDay: oldest.fill.day,
        openPrice: money(oldest.fill.price),
        closedDay: lot.fill.day,
        closePrice: money(lot.fill.price),
        charges: ofOldest.plus(ofLot),
      });
      if (opened.left.isZero()) open.shift();
      else open[0] = opened;
      lot = closing;
    }
    if (lot.left.gt(0)) open.push(lot);
  }
  return open;
}

/** @returns the charges of a part, and what is left without it */
function takenFrom(lot: OpenLot, quantity: Money): [charges: Money, left: OpenLot] {
  const all = quantity.eq(lot.left);
  const charges = all
    ? lot.charges
    : lot.charges.times(quantity).div(lot.left).toDecimalPlaces(CHARGE_DECIMALS);
  return [
    charges,
    { fill: lot.fill, left: lot.left.minus(quantity), charges: all ? ZERO : lot.charges.minus(charges) },
  ];
}

function byDay(fills: readonly LotFill[]): LotFill[][] {
  const days: LotFill[][] = [];
  for (const fill of fills) {
    const last = days.at(-1);
    if (last?.[0]?.day === fill.day) last.push(fill);
    else days.push([fill]);
  }
  return days;
}

/** Profit of the prices alone. */
export function lotGain({ direction, quantity, openPrice, closePrice }: ClosedLot): Money {
  const gained = closePrice.minus(openPrice).times(quantity);
  return direction === 'long' ? gained : gained.negated();
}
