import type { OrderSide } from '@tickbridge/contracts';
import { money } from '../../money/money';
import { known } from '../risk.errors';
import { deny, type RiskRule } from '../risk-rule';

interface Comparison {
  code: string;
  name: string;
  price: number | null;
  with: 'lastPrice' | 'triggerPrice';
}

/**
 * A limit crosses at most the collar beyond the last price, that of a stop beyond its trigger; one that waits on its own
 * side of the market may be as far away as it likes. The quote a market order would meet lies within the collar around
 * the last price, and the last prices of both sides agree within it.
 */
export const priceCollarRule: RiskRule = {
  name: 'price-collar',
  check({ order, market, ownMarket, limits }) {
    const { priceCollarPercent } = known(limits, 'the limits');
    const lastPrice = known(market.lastPrice ?? undefined, `a price of ${order.symbol}`);
    const { side, type, limitPrice, triggerPrice = null } = order;
    const reference = { lastPrice, triggerPrice: triggerPrice ?? lastPrice };
    const quote = side === 'BUY' ? market.ask : market.bid;
    const compared: Comparison[] = [
      {
        code: 'LIMIT_OUTSIDE_COLLAR',
        name: 'limitPrice',
        price: limitPrice !== null && crosses(side, limitPrice, reference.triggerPrice) ? limitPrice : null,
        with: triggerPrice === null ? 'lastPrice' : 'triggerPrice',
      },
      {
        code: 'QUOTE_OUTSIDE_COLLAR',
        name: 'quote',
        price: type === 'MARKET' ? quote : null,
        with: 'lastPrice',
      },
      {
        code: 'PRICES_DISAGREE',
        name: 'ownLastPrice',
        price: ownMarket === 'same' ? null : (ownMarket?.lastPrice ?? null),
        with: 'lastPrice',
      },
    ];
    for (const { code, name, price, with: what } of compared) {
      if (price === null) continue;
      const base = reference[what];
      const distancePercent = money(price).minus(base).abs().div(base).times(100).toNumber();
      if (distancePercent > priceCollarPercent) {
        const message = `${name} ${price} is ${distancePercent.toFixed(2)} % off the ${IN_WORDS[what]} ${base}, at most ${priceCollarPercent} % is allowed`;
        return deny(
          code,
          message,
          { [name]: price, [what]: base, distancePercent, priceCollarPercent },
          'priceCollarPercent',
        );
      }
    }
    return undefined;
  },
};

const IN_WORDS = { lastPrice: 'last price', triggerPrice: 'trigger' } as const;

/** Whether a limit gives more than a price: pays above it, sells below it. */
function crosses(side: OrderSide, limitPrice: number, price: number): boolean {
  return side === 'BUY' ? limitPrice > price : limitPrice < price;
}
