import { MissingDataError } from '../risk.errors';
import { deny, type RiskRule } from '../risk-rule';

/**
 * The deciding side knows the instrument by itself: it is described, people may hold it, it is priced in the account's
 * currency, and a price of it was seen.
 */
export const instrumentRule: RiskRule = {
  name: 'instrument',
  check({ order: { symbol }, market, instrument, ownMarket, account }) {
    const figures = { symbol, feed: market.source };
    if (!instrument) {
      return deny('UNKNOWN_INSTRUMENT', `No list of ${market.source} describes ${symbol}`, figures);
    }
    const { status, assetClass, products, currency } = instrument;
    if (status === 'halted' || status === 'delisted') {
      return deny('NOT_TRADING', `${symbol} does not trade: its exchange says ${status}`, figures);
    }
    if (status !== 'unlisted' && products.length === 0) {
      return deny('NOT_TRADABLE', `${symbol} is ${ARTICLE[assetClass]}, which nobody can hold`, figures);
    }
    if (account && currency !== null && currency !== account.currency) {
      return deny(
        'WRONG_CURRENCY',
        `${symbol} is priced in ${currency}, account ${account.id} is kept in ${account.currency}`,
        { ...figures, currency, accountCurrency: account.currency },
      );
    }
    // Values and profits are counted per unit of quantity: another worth of it would be counted wrong.
    if (instrument.derivative && instrument.derivative.multiplier !== 1) {
      throw new MissingDataError(`the worth of one unit of ${symbol}`);
    }
    if (ownMarket !== undefined) return undefined;
    return deny(
      'UNKNOWN_INSTRUMENT',
      `The feed ${market.source} has shown the risk-manager no price of ${symbol}`,
      figures,
    );
  },
};

const ARTICLE = {
  stock: 'a stock',
  index: 'an index',
  future: 'a future',
  option: 'an option',
  crypto: 'a crypto pair',
  macro: 'a macro figure',
} as const;
