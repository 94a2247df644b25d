import type { OrderSide } from '@tickbridge/contracts';
import { money, ZERO, type Money, type MoneyInput } from '../money/money';

/** What an account holds of one symbol for one strategy. Exact. */
export interface Holding {
  /** Positive is long, negative is short. */
  readonly quantity: Money;
  /** What the open quantity cost: positive for a long, negative (received) for a short. */
  readonly cost: Money;
  /** Profit of closed quantity, before fees. */
  readonly realized: Money;
  readonly fees: Money;
  /** Profit of the round trips that have ended, after every charge of theirs. */
  readonly closedNet: Money;
}

export const EMPTY_HOLDING: Holding = {
  quantity: ZERO,
  cost: ZERO,
  realized: ZERO,
  fees: ZERO,
  closedNet: ZERO,
};

/** The facts of a trade that money depends on. */
export interface TradeFacts {
  side: OrderSide;
  quantity: MoneyInput;
  price: MoneyInput;
  fee: MoneyInput;
}

export interface TradeEffect {
  holding: Holding;
  /** Profit of the quantity this trade closed, before its fee. */
  realized: Money;
  /** Change of the account's cash, fee included. */
  cash: Money;
  /** Profit of the round trip that this trade ended, after every charge of entry and exit; `null` when it ended none. */
  tripNet: Money | null;
}

/**
 * A partial close takes its share of the cost, rounded to this many places; the rest keeps the remainder,
 * so nothing is lost or made by rounding.
 */
const COST_DECIMALS = 12;
/** A charge that two trips share is parted at so many decimals; the rest goes to the second, so nothing is lost. */
const CHARGE_DECIMALS = 12;

/** What a trade does to a holding and to cash. A trade through zero closes one side and opens the other. */
export function applyTrade(holding: Holding, trade: TradeFacts): TradeEffect {
  const price = money(trade.price);
  const fee = money(trade.fee);
  const signed = money(trade.quantity).times(trade.side === 'BUY' ? 1 : -1);
  const cash = signed.times(price).negated().minus(fee);

  const closing = closingPart(holding.quantity, signed);
  const costShare = closing.abs().eq(holding.quantity.abs())
    ? holding.cost.negated()
    : holding.cost.times(closing).div(holding.quantity).toDecimalPlaces(COST_DECIMALS);
  const realized = closing.isZero() ? ZERO : closing.times(price).negated().plus(costShare);
  const opening = signed.minus(closing);
  const total = holding.realized.plus(realized);
  const ends = !holding.quantity.isZero() && closing.abs().eq(holding.quantity.abs());
  const tripNet = ends
    ? total
        .minus(holding.fees)
        .minus(chargeOf(closing.abs(), signed.abs(), fee))
        .minus(holding.closedNet)
    : null;

  return {
    realized,
    cash,
    tripNet,
    holding: {
      quantity: holding.quantity.plus(signed),
      cost: holding.cost.plus(closing.isZero() ? ZERO : costShare).plus(opening.times(price)),
      realized: total,
      fees: holding.fees.plus(fee),
      closedNet: holding.closedNet.plus(tripNet ?? ZERO),
    },
  };
}

/** What of a trade's charge belongs to the part of it that ends a position; the rest belongs to the one that it opens. */
export function chargeOf(part: Money, quantity: Money, fee: Money): Money {
  return part.eq(quantity) ? fee : fee.times(part).div(quantity).toDecimalPlaces(CHARGE_DECIMALS);
}

/** Average price of the open quantity; `null` when flat. */
export function averagePrice(holding: Holding): Money | null {
  return holding.quantity.isZero() ? null : holding.cost.div(holding.quantity);
}

/** Profit of the open quantity at a price. */
export function unrealized(holding: Holding, mark: MoneyInput): Money {
  return holding.quantity.times(mark).minus(holding.cost);
}

/** The part of a signed trade that brings the quantity towards zero. */
function closingPart(quantity: Money, signed: Money): Money {
  if (quantity.isZero() || quantity.isPositive() === signed.isPositive()) return ZERO;
  return signed.abs().gt(quantity.abs()) ? quantity.negated() : signed;
}
