import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import {
  type FeedName,
  type Instrument,
  MANUAL_STRATEGY,
  type PositionSize,
  type PositionSizingAnswer,
  type PositionSizingRequest,
  toIso,
} from '@tickbridge/contracts';
import { ProblemException } from '@tickbridge/service-bootstrap';
import { CacheService, riskResults } from '@tickbridge/shared-cache';
import {
  accountChargeTerms,
  averageTrueRange,
  boundedSize,
  Calendars,
  type ChargedAccount,
  ChargesUnknownError,
  defaultProduct,
  ChargeTable,
  type ChargeTerms,
  type Currency,
  DEFAULT_LIMITS,
  effectiveLimits,
  ENTRY_SIZING,
  isTaken,
  lossAtStop,
  money,
  type Money,
  riskBound,
  valueHoldings,
} from '@tickbridge/trading-core';
import { OwnMarket } from '../decision/own-market';
import { SizingFacts } from './sizing-facts';

/** Wilder's average takes a few times its periods to forget where it began. */
const ATR_WARM_UP = 4;

/** Distance to the stop, and what it was measured on. */
interface Stop {
  price: number | null;
  distance: number;
  atr: number | null;
}

/** How much may be bought or sold short; the same inputs give the same answer for a minute. */
@Injectable()
export class PositionSizingService {
  constructor(
    private readonly facts: SizingFacts,
    private readonly market: OwnMarket,
    private readonly cache: CacheService,
    private readonly table: ChargeTable,
    private readonly calendars: Calendars,
  ) {}

  /** @throws ProblemException naming what is not known */
  async size(request: PositionSizingRequest): Promise<PositionSizingAnswer> {
    const key = createHash('sha256')
      .update(JSON.stringify(sorted(request)))
      .digest('hex');
    let computed = false;
    const size = await this.cache.getOrSet(riskResults.positionSizes, key, () => {
      computed = true;
      return this.compute(request);
    });
    if (computed) return { ...size, cached: false, ageMs: 0 };
    const hit = await this.cache.find(riskResults.positionSizes, key);
    return {
      ...size,
      cached: true,
      ageMs: hit?.ageMs ?? Math.max(0, Date.now() - Date.parse(size.computedAt)),
    };
  }

  private async compute(request: PositionSizingRequest): Promise<PositionSize> {
    const { accountId, strategy, symbol, method } = request;
    const account = await this.facts.account(accountId);
    if (!account) throw new ProblemException(404, 'ACCOUNT_UNKNOWN', `There is no account ${accountId}.`);
    const feed = request.feed ?? account.feed;
    const entryPrice = request.entryPrice ?? this.market.newest(symbol, feed);
    if (entryPrice === undefined) throw noPrice(symbol);
    const [instrument, holdings, pending, scoped, stop] = await Promise.all([
      this.facts.instrument(feed, symbol),
      this.facts.holdings(accountId),
      this.facts.pending(accountId),
      this.facts.limits(),
      this.stopOf(request, feed, entryPrice),
    ]);
    const lot = instrument?.quantityStep;
    if (!instrument || !lot) throw unknownInstrument(symbol, feed);
    const marked = holdings.map((held) => ({
      ...held,
      mark:
        this.market.newest(held.symbol, account.feed) ?? (held.symbol === symbol ? entryPrice : undefined),
    }));
    const unpriced = marked.find(({ mark }) => mark === undefined);
    const { equity, grossExposure } = valueHoldings(money(account.cash), marked);
    if (unpriced || !equity || !grossExposure) throw noPrice(unpriced?.symbol ?? symbol);
    const valueOf = (part: typeof marked): Money =>
      part.reduce((sum, { quantity, mark }) => sum.plus(quantity.abs().times(mark ?? 0)), money(0));
    const inSymbol = marked.filter((held) => held.symbol === symbol);
    const limits = effectiveLimits(DEFAULT_LIMITS[account.currency as Currency], scoped, request);
    const charges =
      method === 'fixed-notional'
        ? undefined
        : this.chargesOf(account, instrument, strategy ?? MANUAL_STRATEGY);
    const loss = { price: entryPrice, stopDistance: stop.distance, charges };
    const asQuantity = (value: Money) => value.div(entryPrice);
    const bounds: Record<string, Money> = {
      ...(method === 'fixed-notional'
        ? { notional: asQuantity(money(request.notional)) }
        : { risk: riskBound(equity, request.riskFraction, lot, loss) }),
      maxOrderQuantity: money(limits.maxOrderQuantity),
      freezeQuantity: money(Math.min(limits.freezeQuantity, instrument.freezeQuantity ?? Infinity)),
      maxPositionQuantity: inSymbol.reduce(
        (left, { quantity }) => left.minus(quantity.abs()),
        money(limits.maxPositionQuantity),
      ),
      maxOrderNotional: asQuantity(money(limits.maxOrderNotional)),
      maxSymbolNotional: asQuantity(money(limits.maxSymbolNotional).minus(valueOf(inSymbol))),
      maxGrossExposure: asQuantity(money(limits.maxGrossExposure).minus(grossExposure).minus(pending)),
      buyingPower: asQuantity(
        equity.minus(grossExposure).minus(pending).times(ENTRY_SIZING.buyingPowerShare),
      ),
    };
    for (const bound of ['maxQuantity', 'maxMarketQuantity'] as const) {
      const most = instrument[bound];
      if (most !== null) bounds[`exchange.${bound}`] = money(most);
    }
    if (strategy !== undefined) {
      const used = valueOf(marked.filter((held) => held.strategy === strategy));
      bounds['maxStrategyNotional'] = asQuantity(money(limits.maxStrategyNotional).minus(used));
    }
    const sized = boundedSize(bounds, lot);
    const { quantity, boundBy } =
      sized.quantity === 0 || isTaken(instrument, sized.quantity, entryPrice)
        ? sized
        : { quantity: 0, boundBy: 'exchange.least' };
    const stopped = method === 'fixed-notional' ? null : stop;
    return {
      method,
      symbol,
      quantity,
      entryPrice,
      stopPrice: stopped?.price ?? null,
      stopDistance: stopped?.distance ?? null,
      atr: stopped?.atr ?? null,
      notional: money(entryPrice).times(quantity).toNumber(),
      riskAmount: stopped && lossAtStop(quantity, loss).toNumber(),
      currency: account.currency,
      equity: equity.toNumber(),
      boundBy,
      bounds: Object.fromEntries(Object.entries(bounds).map(([name, bound]) => [name, bound.toNumber()])),
      computedAt: toIso(Date.now()),
    };
  }

  private chargesOf(account: ChargedAccount, instrument: Instrument, strategy: string): ChargeTerms {
    try {
      return accountChargeTerms(
        { table: this.table, calendars: this.calendars },
        account,
        instrument,
        Date.now(),
        defaultProduct(instrument, strategy),
      );
    } catch (error) {
      if (!(error instanceof ChargesUnknownError)) throw error;
      throw new ProblemException(422, error.code, `${error.message}.`);
    }
  }

  private async stopOf(request: PositionSizingRequest, feed: FeedName, entryPrice: number): Promise<Stop> {
    if (request.method === 'fixed-notional') return { price: null, distance: 0, atr: null };
    if (request.method === 'fixed-risk') {
      const distance = money(entryPrice).minus(request.stopPrice).abs().toNumber();
      return { price: request.stopPrice, distance, atr: null };
    }
    const { atrPeriods, atrMultiple, interval, symbol } = request;
    const wanted = atrPeriods * ATR_WARM_UP;
    const bars = request.bars ?? (await this.facts.bars(feed, symbol, interval, wanted));
    const atr = averageTrueRange(bars, atrPeriods);
    if (atr === undefined) {
      const detail = `${atrPeriods} bars of ${symbol} are needed, there are ${bars.length}.`;
      throw new ProblemException(422, 'NOT_ENOUGH_BARS', detail);
    }
    const distance = money(atr).times(atrMultiple).toNumber();
    const stop = money(entryPrice).plus(request.side === 'BUY' ? -distance : distance);
    return { price: stop.gt(0) ? stop.toNumber() : null, distance, atr };
  }
}

function unknownInstrument(symbol: string, feed: FeedName): ProblemException {
  const detail = `No list of ${feed} says in what lots ${symbol} trades.`;
  return new ProblemException(422, 'UNKNOWN_INSTRUMENT', detail);
}

function noPrice(symbol: string): ProblemException {
  const detail = `No price of ${symbol} is known: say an entryPrice, or wait for market data.`;
  return new ProblemException(503, 'NO_PRICE', detail);
}

/** The same inputs in another order are the same inputs. */
function sorted(request: object): [string, unknown][] {
  return Object.entries(request).sort(([a], [b]) => (a < b ? -1 : 1));
}
