import { orderNotional } from '../exposure';
import { known } from '../risk.errors';
import { deny, type RiskRule } from '../risk-rule';

/** Quantity and value of one order are what the exchange takes, exits included. */
export const exchangeSizeRule: RiskRule = {
  name: 'exchange-size',
  check(context) {
    const { quantity, symbol, type } = context.order;
    const instrument = known(context.instrument, `what orders of ${symbol} look like`);
    const { minQuantity, minNotional, minNotionalAppliesToMarket } = instrument;
    if (minQuantity !== null && quantity < minQuantity) {
      return deny('MIN_QUANTITY', `Quantity ${quantity} is below ${minQuantity}, the least of ${symbol}`, {
        quantity,
        minQuantity,
      });
    }
    const most = mostQuantity(instrument, type === 'MARKET');
    if (quantity > most) {
      return deny(
        'MAX_QUANTITY',
        `Quantity ${quantity} exceeds ${most}, the most of one order in ${symbol}`,
        {
          quantity,
          maxQuantity: most,
        },
      );
    }
    if (minNotional === null || (type === 'MARKET' && !minNotionalAppliesToMarket)) return undefined;
    const notional = orderNotional(context);
    if (notional.gte(minNotional)) return undefined;
    return deny(
      'MIN_NOTIONAL',
      `Order value ${notional.toString()} is below ${minNotional}, the least of ${symbol}`,
      { notional: notional.toNumber(), minNotional },
    );
  },
};

function mostQuantity(
  { maxQuantity, maxMarketQuantity }: { maxQuantity: number | null; maxMarketQuantity: number | null },
  atMarket: boolean,
): number {
  return Math.min(maxQuantity ?? Infinity, (atMarket ? maxMarketQuantity : null) ?? Infinity);
}
