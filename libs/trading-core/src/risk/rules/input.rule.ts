import { deny, type RiskRule } from '../risk-rule';

/** Quantities and prices are finite and positive; a limit order has a limit. */
export const inputRule: RiskRule = {
  name: 'input',
  check({ order, market, marks }) {
    const figures: Record<string, number | null> = {
      quantity: order.quantity,
      limitPrice: order.limitPrice,
      lastPrice: market.lastPrice,
      bid: market.bid,
      ask: market.ask,
    };
    for (const [symbol, price] of marks) figures[`marks.${symbol}`] = price;
    for (const [name, value] of Object.entries(figures)) {
      if (value !== null && !(Number.isFinite(value) && value > 0)) {
        return deny('INVALID_INPUT', `${name} must be finite and positive, got ${value}`, {
          field: name,
          value: String(value),
        });
      }
    }
    const needsLimit = order.type === 'LIMIT' || order.type === 'STOP_LIMIT';
    if (needsLimit && order.limitPrice === null) {
      return deny('INVALID_INPUT', `A ${order.type} order needs a limit price`, { field: 'limitPrice' });
    }
    return undefined;
  },
};
