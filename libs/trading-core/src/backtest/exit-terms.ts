import type { Instrument, OrderSide } from '@tickbridge/contracts';
import type { ExitDraft } from '../exits/position-guard';
import { onPriceGrid } from '../instruments/price-grid';
import { money } from '../money/money';
import { MARKET_ORDER, type OrderTerms } from './resting-orders';

/**
 * How a position is left in a bar that nobody quoted: as if its stop or target had rested at the broker since the bar opened.
 *
 * A target rests at the price of the grid that is not worse than its level: exchanges take no other. What of it the bar does
 * not fill goes with the bar: resting on, it would stand in the way of the stop.
 *
 * @param side of the order that leaves
 */
export function exitTerms(
  { cause, level }: ExitDraft,
  side: OrderSide,
  instrument: Pick<Instrument, 'priceSteps'>,
): OrderTerms {
  if (level === null) return MARKET_ORDER;
  if (cause !== 'target') return { ...MARKET_ORDER, type: 'STOP', triggerPrice: level };
  const limit = onPriceGrid(instrument, money(level), side === 'SELL' ? 'BUY' : 'SELL');
  return { ...MARKET_ORDER, type: 'LIMIT', limitPrice: limit.toNumber(), timeInForce: 'IOC' };
}
