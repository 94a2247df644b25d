import type { OrderSide, OrderType, TimeInForce } from '@tickbridge/contracts';
import { onQuantityGrid } from '../instruments/price-grid';
import { money } from '../money/money';
import { isTriggerReached } from '../orders/trigger';
import {
  DEFAULT_PAPER_MODEL,
  paperFill,
  type PaperFillModel,
  type PaperMarket,
  type TradedInstrument,
} from './paper-fill';

/** An order that rests at the paper broker. */
export interface WorkingPaperOrder {
  side: OrderSide;
  type: OrderType;
  /** What is left of it. */
  remaining: number;
  limitPrice: number | null;
  triggerPrice: number | null;
  /** A stop order that has woken up; the others count as awake. */
  triggered: boolean;
  timeInForce: TimeInForce;
  /** It was shown the market before, at this limit. */
  rests: boolean;
}

/** The market with the sizes quoted on both sides; `null` where the vendor sends none. */
export interface SizedMarket extends PaperMarket {
  bidQuantity: number | null;
  askQuantity: number | null;
}

/** What one look at the market does to an order. */
export interface PaperMatch {
  /** The stop woke up at this look. */
  triggered: boolean;
  fill: { quantity: number; price: number } | undefined;
  /** What is left of an immediate-or-cancel order goes. */
  canceled: boolean;
}

/**
 * Shows an order the market once.
 *
 * No more is filled than the quote offers; the rest waits for the next look. Without a quoted size the whole rest is
 * filled. A stop order wakes up when the last price reaches its trigger, and is a market order (stop) or a limit order
 * (stop-limit) from then on, at the same look.
 */
export function matchPaperOrder(
  order: WorkingPaperOrder,
  market: SizedMarket,
  instrument: TradedInstrument,
  model: PaperFillModel = DEFAULT_PAPER_MODEL,
): PaperMatch {
  const stop = order.type === 'STOP' || order.type === 'STOP_LIMIT';
  const triggered = stop && !order.triggered && reaches(order, market.lastPrice);
  const awake = !stop || order.triggered || triggered;
  const quantity = awake ? offered(order, market, instrument) : 0;
  const type = order.limitPrice === null ? 'MARKET' : 'LIMIT';
  // A stop-limit comes into the book when it wakes up.
  const rests = stop ? order.triggered : order.rests;
  const fill =
    quantity > 0
      ? paperFill(
          { side: order.side, type, quantity, limitPrice: order.limitPrice, rests },
          market,
          instrument,
          model,
        )
      : undefined;
  const left = money(order.remaining).minus(fill ? quantity : 0);
  return {
    triggered,
    fill: fill && { quantity, ...fill },
    canceled: order.timeInForce === 'IOC' && awake && left.gt(0),
  };
}

function reaches({ side, triggerPrice }: WorkingPaperOrder, lastPrice: number | null): boolean {
  if (triggerPrice === null || lastPrice === null) return false;
  return isTriggerReached(side, triggerPrice, lastPrice);
}

/** As much of the rest as the other side of the quote offers, in whole lots. */
function offered(order: WorkingPaperOrder, market: SizedMarket, instrument: TradedInstrument): number {
  const [price, size] =
    order.side === 'BUY' ? [market.ask, market.askQuantity] : [market.bid, market.bidQuantity];
  if (price === null || size === null || size >= order.remaining) return order.remaining;
  return onQuantityGrid(instrument, size) ?? 0;
}
