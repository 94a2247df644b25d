import type { Instrument, OrderSide } from '@tickbridge/contracts';
import { money, onPriceGrid } from '@tickbridge/trading-core';

/**
 * How far a protective stop's limit lies beyond its trigger (percent): what brokers protect such orders by where the exchange
 * takes no stop at the market (Upstox, "What is GTT", 3 %).
 */
const PROTECTION_PERCENT = 3;

/** Worst price at which a stop that has woken up still fills. */
export function stopLimit(
  instrument: Pick<Instrument, 'priceSteps'>,
  trigger: number,
  side: OrderSide,
): number {
  const factor = side === 'SELL' ? 100 - PROTECTION_PERCENT : 100 + PROTECTION_PERCENT;
  return onPriceGrid(instrument, money(trigger).times(factor).div(100), side).toNumber();
}
