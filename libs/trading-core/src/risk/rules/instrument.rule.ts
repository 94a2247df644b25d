import { deny, type RiskRule } from '../risk-rule';

/** The deciding side knows the instrument by itself: what it trades like, and that a price of it was ever seen. */
export const instrumentRule: RiskRule = {
  name: 'instrument',
  check({ order, market, instrument, ownMarket }) {
    if (instrument && ownMarket !== undefined) return undefined;
    return deny(
      'UNKNOWN_INSTRUMENT',
      `The feed ${market.source} has shown the risk-manager no price of ${order.symbol}`,
      { symbol: order.symbol, feed: market.source },
    );
  },
};
