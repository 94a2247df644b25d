import { priceStep } from '@tickbridge/contracts';
import { money } from '../../money/money';
import { known } from '../risk.errors';
import { deny, type RiskRule } from '../risk-rule';

/** Quantity in whole lots, limit price in whole price steps. */
export const lotAndTickRule: RiskRule = {
  name: 'lot-and-tick',
  check({ order, instrument: described }) {
    const { quantity, limitPrice, symbol } = order;
    const instrument = known(described, `what orders of ${symbol} look like`);
    const lotSize = known(instrument.quantityStep ?? undefined, `the lot of ${symbol}`);
    if (!money(quantity).mod(lotSize).isZero()) {
      return deny('LOT_SIZE', `Quantity ${quantity} is no multiple of the lot ${lotSize}`, {
        quantity,
        lotSize,
      });
    }
    if (limitPrice === null) return undefined;
    const step = known(priceStep(instrument, limitPrice), `the price step of ${symbol}`);
    if (money(limitPrice).mod(step).isZero()) return undefined;
    return deny('TICK_SIZE', `Limit ${limitPrice} is no multiple of the price step ${step}`, {
      limitPrice,
      tickSize: step,
    });
  },
};
