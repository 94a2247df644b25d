import { decimalOf } from '@tickbridge/contracts';
import { indianAssetClass } from '../asset-class';
import type { QuoteUpdate, SessionFigures, SnapshotUpdate, TradeUpdate } from '../../ticks/market-update';
import { optionalPriceOf, optionalQuantityOf, quantityOf, quoteOf } from '../../ticks/quote-fields';
import { parseIstTime } from './ist-time';

/** Trade frames have 19 fields, or 15 when the subscription has no quotes. */
const TRADE_FIELDS = 15;
const TRADE_FIELDS_WITH_QUOTE = 19;
const QUOTE_FIELDS = 6;
/** 18 by the documentation; the last quantity is missing in some. */
const TOUCHLINE_FIELDS = 17;

/** `SymbolID, Time, LTP, LTQ, ATP, DayVolume, Open, High, Low, PrevClose, OI, PrevOI, Turnover, Special, Sequence, Bid, BidQty, Ask, AskQty` */
export function normaliseTrade(
  symbol: string,
  fields: readonly unknown[],
  readAt: number,
): TradeUpdate | undefined {
  if (fields.length < TRADE_FIELDS) return undefined;
  const [, time, price, quantity, , volume, open, high, low, previousClose, openInterest, , , , number] =
    fields;
  const [bid, bidQuantity, ask, askQuantity] = fields.slice(TRADE_FIELDS);
  const update: TradeUpdate = {
    kind: 'trade',
    symbol,
    assetClass: indianAssetClass(symbol),
    price: decimalOf(price),
    quantity: quantityOf(quantity),
    tradeNumber: decimalOf(number),
    eventTime: parseIstTime(time),
    session: sessionOf(symbol, volume, open, high, low, previousClose, openInterest),
    readAt,
  };
  if (fields.length >= TRADE_FIELDS_WITH_QUOTE) update.quote = quoteOf(bid, bidQuantity, ask, askQuantity);
  return update;
}

/** `SymbolID, Time, Bid, BidQty, Ask, AskQty` */
export function normaliseQuote(
  symbol: string,
  fields: readonly unknown[],
  readAt: number,
): QuoteUpdate | undefined {
  if (fields.length < QUOTE_FIELDS) return undefined;
  const [, time, bid, bidQuantity, ask, askQuantity] = fields;
  return {
    kind: 'quote',
    symbol,
    assetClass: indianAssetClass(symbol),
    quote: quoteOf(bid, bidQuantity, ask, askQuantity),
    eventTime: parseIstTime(time),
    readAt,
  };
}

/** `Symbol, SymbolID, Time, LTP, TickVolume, ATP, TotalVolume, Open, High, Low, PrevClose, OI, PrevOI, Turnover, Bid, BidQty, Ask, AskQty` */
export function normaliseTouchline(
  symbol: string,
  row: readonly unknown[],
  readAt: number,
): SnapshotUpdate | undefined {
  if (row.length < TOUCHLINE_FIELDS) return undefined;
  const [, , time, price, quantity, , volume, open, high, low, previousClose, openInterest] = row;
  const [bid, bidQuantity, ask, askQuantity] = row.slice(14);
  return {
    kind: 'snapshot',
    symbol,
    assetClass: indianAssetClass(symbol),
    price: decimalOf(price),
    quantity: quantityOf(quantity),
    eventTime: parseIstTime(time),
    // The row's time is that of its last trade.
    tradedAt: parseIstTime(time),
    session: sessionOf(symbol, volume, open, high, low, previousClose, openInterest),
    quote: quoteOf(bid, bidQuantity, ask, askQuantity),
    readAt,
  };
}

function sessionOf(
  symbol: string,
  volume: unknown,
  open: unknown,
  high: unknown,
  low: unknown,
  previousClose: unknown,
  openInterest: unknown,
): SessionFigures {
  return {
    // An index or a gauge is computed, not traded: its zeros are no quantities.
    volume: isComputed(symbol) ? null : optionalQuantityOf(volume),
    open: optionalPriceOf(open),
    high: optionalPriceOf(high),
    low: optionalPriceOf(low),
    previousClose: optionalPriceOf(previousClose),
    // The vendor fills the field with zero for what has no open interest.
    openInterest: hasOpenInterest(symbol) ? optionalQuantityOf(openInterest) : null,
  };
}

function isComputed(symbol: string): boolean {
  const assetClass = indianAssetClass(symbol);
  return assetClass === 'index' || assetClass === 'macro';
}

function hasOpenInterest(symbol: string): boolean {
  const assetClass = indianAssetClass(symbol);
  return assetClass === 'future' || assetClass === 'option';
}
