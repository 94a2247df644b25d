import { Injectable } from '@nestjs/common';
import {
  type ChargeEstimate,
  type EndpointInput,
  type Instrument,
  MANUAL_STRATEGY,
  type Product,
} from '@tickbridge/contracts';
import { ProblemException } from '@tickbridge/service-bootstrap';
import {
  chargePlanOf,
  chargesOf,
  ChargesUnknownError,
  chargeTexts,
  filledBy,
  money,
  moneyText,
  defaultProduct,
  totalOf,
  unfilled,
} from '@tickbridge/trading-core';
import { AccountRepository, type StoredAccount } from '../accounts/account.repository';
import { unknownAccount } from '../accounts/unknown-account.problem';
import { MarketView } from '../market/market-view';
import { TradingClock } from '../market/trading-clock';
import { TradingFeeds } from '../market/trading-feeds';
import { OrderCharges, type OrderTerms } from '../order-charges/order-charges';

type Asked = EndpointInput<'GET /api/v1/charges/estimate'>['query'];

/** What orders would cost, before anybody places them. */
@Injectable()
export class ChargeEstimates {
  constructor(
    private readonly accounts: AccountRepository,
    private readonly feeds: TradingFeeds,
    private readonly market: MarketView,
    private readonly clock: TradingClock,
    private readonly charges: OrderCharges,
  ) {}

  /** @throws ProblemException naming what is not known */
  async of(asked: Asked): Promise<ChargeEstimate> {
    const account = await this.accounts.find(asked.account);
    if (!account) throw unknownAccount(asked.account);
    const feed = this.feeds.of(account.feed);
    const symbol = await feed.symbolOf(asked.symbol);
    const instrument = await feed.instrumentOf(symbol);
    if (!instrument) {
      throw new ProblemException(404, 'INSTRUMENT_UNKNOWN', `No list of ${feed.name} has ${asked.symbol}.`);
    }
    const price = asked.price ?? this.market.mark(symbol)?.price;
    if (price === undefined) throw new ProblemException(409, 'NO_PRICE', `There is no price of ${symbol}.`);
    const { side, quantity, product = defaultProduct(instrument, MANUAL_STRATEGY) } = asked;
    const terms = this.termsFor(account, instrument, product);
    const entry = chargesOf(filledBy(unfilled(side), { quantity, price }), terms);
    const exit = chargesOf(filledBy(unfilled(side === 'BUY' ? 'SELL' : 'BUY'), { quantity, price }), terms);
    const value = money(quantity).times(price);
    const roundTrip = totalOf(entry).plus(totalOf(exit));
    return {
      accountId: account.id,
      symbol,
      side,
      product,
      chargePlan: chargePlanOf(account),
      currency: account.currency,
      quantity,
      price,
      value: moneyText(value),
      charges: chargeTexts(entry),
      total: moneyText(totalOf(entry)),
      exitTotal: moneyText(totalOf(exit)),
      roundTrip: moneyText(roundTrip),
      roundTripPercent: roundTrip.div(value).times(100).toNumber(),
    };
  }

  private termsFor(account: StoredAccount, instrument: Instrument, product: Product): OrderTerms {
    try {
      return this.charges.termsFor(account, instrument, this.clock.now(), product);
    } catch (error) {
      if (!(error instanceof ChargesUnknownError)) throw error;
      throw new ProblemException(422, error.code, `${error.message}.`);
    }
  }
}
