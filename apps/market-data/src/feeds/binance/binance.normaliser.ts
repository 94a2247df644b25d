import { decimalOf } from '@tickbridge/contracts';
import type { MarketUpdate, QuoteUpdate, SnapshotUpdate, TradeUpdate } from '../../ticks/market-update';
import { optionalPriceOf, quantityOf, quoteOf } from '../../ticks/quote-fields';
import type { BinanceFrame } from './binance.frames';

type Data = Record<string, unknown>;

/**
 * Update of a data frame.
 *
 * @param readAt clock of the process that read the socket (ms since 1970)
 * @returns `undefined` when the frame lacks its symbol or time
 */
export function normaliseBinance(
  frame: Extract<BinanceFrame, { data: Data }>,
  readAt: number,
): MarketUpdate | undefined {
  const symbol = frame.data.s;
  if (typeof symbol !== 'string' || symbol === '') return undefined;
  switch (frame.type) {
    case 'trade':
      return tradeOf(symbol, frame.data, readAt);
    case 'bookTicker':
      return quoteUpdateOf(symbol, frame.data, readAt);
    case 'miniTicker':
      return summaryOf(symbol, frame.data, readAt);
  }
}

/** `e,E,s,t,p,q,T,m,M`: `t` is contiguous per symbol, `T` the time of the trade. */
function tradeOf(symbol: string, data: Data, readAt: number): TradeUpdate | undefined {
  const eventTime = decimalOf(data.T);
  if (!Number.isFinite(eventTime)) return undefined;
  return {
    kind: 'trade',
    symbol,
    assetClass: 'crypto',
    price: decimalOf(data.p),
    quantity: quantityOf(data.q),
    tradeNumber: decimalOf(data.t),
    eventTime,
    session: null,
    readAt,
  };
}

/** `u,s,b,B,a,A`: no event name, no time. */
function quoteUpdateOf(symbol: string, data: Data, readAt: number): QuoteUpdate {
  return {
    kind: 'quote',
    symbol,
    assetClass: 'crypto',
    quote: quoteOf(data.b, data.B, data.a, data.A),
    eventTime: null,
    readAt,
  };
}

/**
 * `E,s,c,o,h,l,v,q` over the last 24 hours. A market that never closes has no previous close; its
 * change is told against the price 24 hours ago, so that is what stands in its place.
 */
function summaryOf(symbol: string, data: Data, readAt: number): SnapshotUpdate | undefined {
  const eventTime = decimalOf(data.E);
  if (!Number.isFinite(eventTime)) return undefined;
  const dayAgo = optionalPriceOf(data.o);
  return {
    kind: 'snapshot',
    symbol,
    assetClass: 'crypto',
    price: decimalOf(data.c),
    quantity: null,
    eventTime,
    session: {
      volume: quantityOf(data.v),
      open: dayAgo,
      high: optionalPriceOf(data.h),
      low: optionalPriceOf(data.l),
      previousClose: dayAgo,
      openInterest: null,
    },
    readAt,
  };
}
