import { decimalsOf, type Instrument, priceStep, type PriceStep } from '@tickbridge/contracts';
import { Money, money } from '../money/money';

type Priced = Pick<Instrument, 'priceSteps'>;

/**
 * A price on the instrument's grid.
 *
 * @param against the side that pays for the rounding: a buyer's price goes up, a seller's down
 * @returns the price as it is where no step is known
 */
export function onPriceGrid(instrument: Priced, price: Money, against: 'BUY' | 'SELL'): Money {
  const step = priceStep(instrument, price.toNumber());
  if (step === undefined) return price;
  const steps = price.div(step);
  // Nothing is sold for nothing: the least price is one step.
  return Money.max(1, against === 'BUY' ? steps.ceil() : steps.floor()).times(step);
}

/** Decimal places that show every price on a grid. */
export function decimalsOfSteps(steps: readonly PriceStep[]): number {
  return Math.max(0, ...steps.map(({ step }) => decimalsOf(step)));
}

/** The largest quantity on the instrument's grid that is not above another; `undefined` when its step is not known. */
export function onQuantityGrid(
  { quantityStep }: Pick<Instrument, 'quantityStep'>,
  quantity: number,
): number | undefined {
  if (quantityStep === null) return undefined;
  return money(quantity).div(quantityStep).floor().times(quantityStep).toNumber();
}
