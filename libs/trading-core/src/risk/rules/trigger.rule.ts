import { isTriggerReached } from '../../orders/trigger';
import { known } from '../risk.errors';
import { deny, type RiskRule } from '../risk-rule';

/** A stop order waits for its trigger: one that is reached already would be refused by the broker, or fill at once. */
export const triggerRule: RiskRule = {
  name: 'trigger',
  check({ order, market, instrument: described }) {
    const { side, symbol, limitPrice, triggerPrice = null } = order;
    if (order.type !== 'STOP' && order.type !== 'STOP_LIMIT') return undefined;
    // A stop that is awake has no trigger to wait for.
    if (triggerPrice === null) return undefined;
    const lastPrice = known(market.lastPrice ?? undefined, `a price of ${symbol}`);
    if (isTriggerReached(side, triggerPrice, lastPrice)) {
      const message = `The trigger ${triggerPrice} of a ${side} is reached at ${lastPrice}: it must lie ${side === 'BUY' ? 'above' : 'below'} the last price`;
      return deny('TRIGGER_REACHED', message, { triggerPrice, lastPrice });
    }
    const { currency } = known(described, `what orders of ${symbol} look like`);
    // The exchanges of India refuse a stop-limit that could not fill at its trigger; Binance and Alpaca take it.
    if (limitPrice === null || currency !== 'INR') return undefined;
    const fillsAtTrigger = side === 'BUY' ? limitPrice >= triggerPrice : limitPrice <= triggerPrice;
    if (fillsAtTrigger) return undefined;
    const message = `The limit ${limitPrice} of a stop-limit ${side} must lie at or ${side === 'BUY' ? 'above' : 'below'} its trigger ${triggerPrice}`;
    return deny('LIMIT_BEFORE_TRIGGER', message, { limitPrice, triggerPrice });
  },
};
