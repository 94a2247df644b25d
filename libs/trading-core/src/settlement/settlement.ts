import { type OrderSide, takesOrders } from '@tickbridge/contracts';
import { money, Money, type MoneyInput, ZERO } from '../money/money';
import type { SessionCalendar } from '../sessions/session-calendar';

/** When a trade is settled. */
export interface SettlementTime {
  /** In the zone of the calendar; `null` when the calendar does not reach that far. */
  readonly date: string | null;
  /** Close of that day (ms since 1970); infinite when it is not known. */
  readonly at: number;
}

/** A fill of an order for delivery. */
export interface DeliveryFill {
  /** What is settled together. */
  readonly key: string;
  readonly side: OrderSide;
  readonly quantity: MoneyInput;
  readonly price: MoneyInput;
  readonly fee: MoneyInput;
  /** ms since 1970. */
  readonly at: number;
}

/** What the trades of one day move when they are settled. */
export interface Obligation {
  readonly settlesOn: string | null;
  /** Shares to come; negative: to be given. */
  readonly quantity: Money;
}

/** What an account's fills for delivery leave to be settled. */
export interface Unsettled {
  /** By key, oldest day first. */
  readonly shares: ReadonlyMap<string, readonly Obligation[]>;
  /** Cash of days that bring some; those that cost are paid already, as far as the books go. */
  readonly cash: Money;
}

/** Settlement of what is traded at a time: the close of the trading day that the market's rule names. */
export function settlementOf(calendar: SessionCalendar, tradedAt: number): SettlementTime {
  let at = tradedAt;
  for (let days = calendar.settlementDays; days > 0; days -= 1) {
    const next = calendar.nextOpening(calendar.tradingDayEnd(at) - 1);
    if (next === undefined) return { date: null, at: Number.POSITIVE_INFINITY };
    at = next;
  }
  if (calendar.settlementDays === 0) return { date: calendar.tradingDay(at).date, at };
  const last = calendar.dayAt(at).stretches.findLast(({ phase }) => takesOrders(phase));
  return { date: calendar.tradingDay(at).date, at: last?.to ?? at };
}

/** Trades of a day in one thing are settled as one. @param now ms since 1970 */
export function unsettled(calendar: SessionCalendar, fills: Iterable<DeliveryFill>, now: number): Unsettled {
  const shares = new Map<string, Map<number, Obligation>>();
  const cash = new Map<number, Money>();
  for (const { key, side, quantity, price, fee, at } of fills) {
    const settlement = settlementOf(calendar, at);
    if (settlement.at <= now) continue;
    const day = calendar.tradingDayStart(at);
    const signed = money(quantity).times(side === 'BUY' ? 1 : -1);
    const ofKey = shares.get(key) ?? new Map<number, Obligation>();
    shares.set(key, ofKey);
    ofKey.set(day, {
      settlesOn: settlement.date,
      quantity: (ofKey.get(day)?.quantity ?? ZERO).plus(signed),
    });
    cash.set(day, (cash.get(day) ?? ZERO).minus(signed.times(price)).minus(fee));
  }
  return {
    shares: new Map(
      [...shares].map(([key, days]) => [key, [...days].sort(([a], [b]) => a - b).map(([, each]) => each)]),
    ),
    cash: [...cash.values()].reduce((sum, amount) => sum.plus(Money.max(amount, ZERO)), ZERO),
  };
}

/**
 * The settled part of a holding. What is sold is taken from what is settled first, as a depository gives it away first.
 *
 * @param obligations of the holding, oldest day first
 */
export function settledPart(
  held: Money,
  obligations: readonly Obligation[],
): { quantity: Money; settlesOn: string | null } {
  const total = obligations.reduce((sum, { quantity }) => sum.plus(quantity), ZERO);
  const given = obligations.reduce((sum, { quantity }) => sum.plus(Money.min(quantity, ZERO)), ZERO);
  const quantity = Money.max(ZERO, Money.min(held, held.minus(total).plus(given)));
  const last = obligations.findLast(({ quantity: toCome }) => toCome.isPositive() && !toCome.isZero());
  return { quantity, settlesOn: quantity.eq(held) ? null : (last?.settlesOn ?? null) };
}
