import type { Bar, FillAssumptions } from '@tickbridge/contracts';
import { onQuantityGrid } from '../instruments/price-grid';
import { money, Money } from '../money/money';
import { isTriggerReached } from '../orders/trigger';
import { paperFill, type TradedInstrument } from './paper-fill';
import type { PaperMatch, WorkingPaperOrder } from './paper-match';

/**
 * What a bar without a quote does to an order that was there before it opened.
 *
 * - A market order fills at the open.
 * - A stop fills at its level when the bar reaches it, or at the open when the bar opened beyond it.
 * - A limit order fills at its limit when the bar trades through it, not only at it: the queue there is not known. One that
 *   comes new and could trade at the open fills there, and so does one that rested when the whole bar lies beyond its limit.
 * - A stop-limit that wakes up and cannot trade at once waits for the next bar: what of the bar came later cannot be seen.
 *
 * Market and stop orders pay the assumed spread and slippage; prices are on the grid, rounded against the trader. No more is
 * filled than is left of the share of the bar's volume.
 *
 * @param left what the account may still trade in the bar
 */
export function matchInBar(
  order: WorkingPaperOrder,
  bar: Bar,
  left: Money,
  instrument: TradedInstrument,
  model: FillAssumptions,
): PaperMatch {
  const stop = order.type === 'STOP' || order.type === 'STOP_LIMIT';
  const sleeps = stop && !order.triggered;
  const level = sleeps ? triggerLevel(order, bar) : undefined;
  const awake = !sleeps || level !== undefined;
  const offered = Money.min(order.remaining, left).toNumber();
  const quantity = offered === order.remaining ? offered : (onQuantityGrid(instrument, offered) ?? 0);
  const price = awake && quantity > 0 ? priceIn(bar, order, level, instrument, model) : undefined;
  const fill = price === undefined ? undefined : { quantity, price };
  return {
    triggered: level !== undefined,
    fill,
    canceled: order.timeInForce === 'IOC' && awake && (fill?.quantity ?? 0) < order.remaining,
  };
}

/** The share of a bar's volume that the orders of an account get. */
export function tradableVolume(
  { volume }: Pick<Bar, 'volume'>,
  { maxVolumePercent }: FillAssumptions,
): Money {
  return money(volume).times(maxVolumePercent).div(100);
}

/** Where a stop wakes up: its level, or the open behind a gap; `undefined` when the bar does not reach it. */
function triggerLevel({ side, triggerPrice }: WorkingPaperOrder, bar: Bar): number | undefined {
  if (triggerPrice === null) return undefined;
  if (isTriggerReached(side, triggerPrice, bar.open)) return bar.open;
  const reached = isTriggerReached(side, triggerPrice, side === 'BUY' ? bar.high : bar.low);
  return reached ? triggerPrice : undefined;
}

/** @param level where a stop woke up in this bar */
function priceIn(
  bar: Bar,
  order: WorkingPaperOrder,
  level: number | undefined,
  instrument: TradedInstrument,
  model: FillAssumptions,
): number | undefined {
  const { side, limitPrice, remaining: quantity } = order;
  const type = limitPrice === null ? 'MARKET' : 'LIMIT';
  const market = { lastPrice: level ?? bar.open, bid: null, ask: null };
  const arrival = paperFill({ side, type, quantity, limitPrice }, market, instrument, model)?.price;
  if (limitPrice === null || level !== undefined) return arrival;
  const stop = order.type === 'STOP_LIMIT';
  const rests = stop ? order.triggered : order.rests;
  const [best, worst] = side === 'BUY' ? [bar.low, bar.high] : [bar.high, bar.low];
  const passes = (price: number) => (side === 'BUY' ? price < limitPrice : price > limitPrice);
  if (arrival !== undefined && (!rests || passes(worst))) return arrival;
  return passes(best) ? limitPrice : undefined;
}
