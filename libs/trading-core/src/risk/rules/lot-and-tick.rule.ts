import { priceStep } from '@tickbridge/contracts';
import { money } from '../../money/money';
import { known } from '../risk.errors';
import { deny, type RiskRule } from '../risk-rule';

/** Quantity in whole lots, limit and trigger prices in whole price steps. */
export const lotAndTickRule: RiskRule = {
  name: 'lot-and-tick',
  check({ order, instrument: described }) {
    const { quantity, limitPrice, triggerPrice = null, symbol } = order;
    const instrument = known(described, `what orders of ${symbol} look like`);
    const lotSize = known(instrument.quantityStep ?? undefined, `the lot of ${symbol}`);
    if (!money(quantity).mod(lotSize).isZero()) {
      return deny('LOT_SIZE', `Quantity ${quantity} is no multiple of the lot ${lotSize}`, {
        quantity,
        lotSize,
      });
    }
    for (const [name, price] of [
      ['limitPrice', limitPrice],
      ['triggerPrice', triggerPrice],
    ] as const) {
      if (price === null) continue;
      const step = known(priceStep(instrument, price), `the price step of ${symbol}`);
      if (money(price).mod(step).isZero()) continue;
      const message = `${name === 'limitPrice' ? 'Limit' : 'Trigger'} ${price} is no multiple of the price step ${step}`;
      return deny('TICK_SIZE', message, { [name]: price, tickSize: step });
    }
    return undefined;
  },
};
