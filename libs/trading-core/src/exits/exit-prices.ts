import { type Instrument, type OrderSide, priceStep } from '@tickbridge/contracts';
import { money } from '../money/money';

/** Where a position is to be left, as a person sets it; `null` sets none. */
export interface ExitPrices {
  readonly stopLoss: number | null;
  readonly takeProfit: number | null;
}

export interface ExitPriceRefusal {
  readonly code: 'EXIT_PRICE_OFF_GRID' | 'EXIT_PRICE_WRONG_SIDE';
  readonly message: string;
}

/**
 * Why exit prices cannot be set; `undefined` when they can.
 *
 * @param side of the entry: a purchase is left at a loss below, at a profit above
 * @param references prices that the stop must lie beyond on the side of the loss and the target on that of the profit: what
 *   the entry may fill at, or the last price of what is held
 */
export function exitPriceRefusal(
  { stopLoss, takeProfit }: ExitPrices,
  side: OrderSide,
  references: readonly number[],
  instrument: Pick<Instrument, 'priceSteps'>,
): ExitPriceRefusal | undefined {
  const lowest = Math.min(...references);
  const highest = Math.max(...references);
  for (const [name, price, below] of [
    ['stopLoss', stopLoss, side === 'BUY'],
    ['takeProfit', takeProfit, side === 'SELL'],
  ] as const) {
    if (price === null) continue;
    const step = priceStep(instrument, price);
    if (step === undefined || !money(price).mod(step).isZero()) {
      const why =
        step === undefined ? 'lies on no known price grid' : `is no multiple of the price step ${step}`;
      return { code: 'EXIT_PRICE_OFF_GRID', message: `${name} ${price} ${why}.` };
    }
    if (below ? price < lowest : price > highest) continue;
    const where = below ? `below ${lowest}` : `above ${highest}`;
    return { code: 'EXIT_PRICE_WRONG_SIDE', message: `${name} ${price} of a ${side} must lie ${where}.` };
  }
  return undefined;
}
