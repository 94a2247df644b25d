import {
  type FillAssumptions,
  fillAssumptionsSchema,
  type Instrument,
  type OrderSide,
  type OrderType,
} from '@tickbridge/contracts';
import { onPriceGrid } from '../instruments/price-grid';
import { Money, money } from '../money/money';

/** What of the assumptions a price depends on. The same in backtest and paper trading. */
export type PaperFillModel = Pick<FillAssumptions, 'halfSpreadBps' | 'slippageBps'>;

export const DEFAULT_PAPER_MODEL: FillAssumptions = fillAssumptionsSchema.parse({});

/** What of an instrument the paper market looks at. */
export type TradedInstrument = Pick<Instrument, 'priceSteps' | 'quantityStep'>;

/** The market an order meets. */
export interface PaperMarket {
  lastPrice: number | null;
  bid: number | null;
  ask: number | null;
}

export interface PaperOrder {
  side: OrderSide;
  type: OrderType;
  quantity: number;
  limitPrice: number | null;
  /** It was in the book before this look at the market: who comes now trades at its price. */
  rests?: boolean;
}

export interface PaperFill {
  price: number;
}

/**
 * What the paper market answers to an order.
 *
 * A market order pays the spread (a buy meets the ask, a sale the bid) and slippage; prices are rounded to the
 * instrument's grid against the trader. A limit order that meets the market on arrival fills at the quote, which may be
 * better than its limit; one that rests fills at its limit when the market comes to it.
 *
 * @returns the fill, or `undefined` when there is no price or the limit is not reached; stop orders never fill here
 */
export function paperFill(
  order: PaperOrder,
  market: PaperMarket,
  instrument: TradedInstrument,
  model: PaperFillModel = DEFAULT_PAPER_MODEL,
): PaperFill | undefined {
  const touch = touchPrice(order.side, market, model);
  if (touch === undefined) return undefined;
  const price = order.type === 'MARKET' ? slipped(order.side, touch, model) : limited(order, touch);
  if (price === undefined) return undefined;
  // A quote lies on the grid already; slippage and an assumed spread do not.
  const quoted = (order.side === 'BUY' ? market.ask : market.bid) !== null;
  if (order.type !== 'MARKET' && quoted) return { price: price.toNumber() };
  const rounded = onPriceGrid(instrument, price, order.side);
  const { limitPrice } = order;
  if (order.type === 'MARKET' || limitPrice === null) return { price: rounded.toNumber() };
  const bounded = order.side === 'BUY' ? Money.min(rounded, limitPrice) : Money.max(rounded, limitPrice);
  return { price: bounded.toNumber() };
}

/** Price of the other side of the book, as quoted or as assumed. */
function touchPrice(side: OrderSide, market: PaperMarket, model: PaperFillModel): Money | undefined {
  const quoted = side === 'BUY' ? market.ask : market.bid;
  if (quoted !== null) return money(quoted);
  if (market.lastPrice === null) return undefined;
  return money(market.lastPrice).times(factor(side, model.halfSpreadBps));
}

function slipped(side: OrderSide, touch: Money, model: PaperFillModel): Money {
  return touch.times(factor(side, model.slippageBps));
}

function limited(order: PaperOrder, touch: Money): Money | undefined {
  if (order.type !== 'LIMIT' || order.limitPrice === null) return undefined;
  const reached = order.side === 'BUY' ? touch.lte(order.limitPrice) : touch.gte(order.limitPrice);
  if (!reached) return undefined;
  return order.rests === true ? money(order.limitPrice) : touch;
}

/** What a disadvantage of some basis points makes of a price. */
function factor(side: OrderSide, bps: number): Money {
  return money(bps)
    .div(10_000)
    .times(side === 'BUY' ? 1 : -1)
    .plus(1);
}
