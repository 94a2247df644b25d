import type { ExitDraft } from '../exits/position-guard';
import { MARKET_ORDER, type OrderTerms } from './resting-orders';

/**
 * How a position is left in a bar that nobody quoted: as if its stop or target had rested at the broker since the bar opened.
 *
 * What of a target the bar does not fill goes with the bar: resting on, it would stand in the way of the stop.
 */
export function exitTerms({ cause, level }: ExitDraft): OrderTerms {
  if (level === null) return MARKET_ORDER;
  if (cause === 'target') return { ...MARKET_ORDER, type: 'LIMIT', limitPrice: level, timeInForce: 'IOC' };
  return { ...MARKET_ORDER, type: 'STOP', triggerPrice: level };
}
