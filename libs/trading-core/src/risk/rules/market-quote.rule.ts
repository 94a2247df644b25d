import { deny, type RiskRule } from '../risk-rule';

/** A market order meets a quote that somebody made. Recordings without quotes are filled by a stated assumption. */
export const marketQuoteRule: RiskRule = {
  name: 'market-quote',
  check({ order, market, ownMarket }) {
    if (order.type !== 'MARKET' || ownMarket === 'same') return undefined;
    const [side, quote] = order.side === 'BUY' ? ['ask', market.ask] : ['bid', market.bid];
    if (quote !== null) return undefined;
    return deny('NO_QUOTE', `There is no ${side} for a market order in ${order.symbol}`, {
      symbol: order.symbol,
      side,
    });
  },
};
