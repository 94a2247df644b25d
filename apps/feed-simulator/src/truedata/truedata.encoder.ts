import type { SimulatedSymbol } from '../market/simulated-symbol';
import { istTime } from '../market/ist-time';

/** Frames exactly as TrueData's real-time feed sends them: array values are strings. */

/** Row of "symbols added": Symbol, SymbolID, Time, LTP, TickVolume, ATP, TotalVolume, Open, High, Low, PrevClose, OI, PrevOI, Turnover, Bid, BidQty, Ask, AskQty. */
export function touchlineRow(symbol: SimulatedSymbol): string[] {
  const { session } = symbol;
  return [
    symbol.name,
    symbol.id,
    istTime(symbol.lastTime),
    String(symbol.lastPrice),
    String(symbol.lastQuantity),
    session.averagePrice.toFixed(2),
    String(session.volume),
    String(session.open),
    String(session.high),
    String(session.low),
    String(session.previousClose),
    '0',
    '0',
    session.turnover.toFixed(2),
    ...quoteFields(symbol),
  ];
}

/** `{"trade":[…]}` with 19 fields: SymbolID, Time, LTP, LTQ, ATP, DayVolume, Open, High, Low, PrevClose, OI, PrevOI, Turnover, Special, Sequence, Bid, BidQty, Ask, AskQty. */
export function tradeFrame(symbol: SimulatedSymbol, time: number, special: string): string {
  const { session } = symbol;
  return frame('trade', [
    symbol.id,
    istTime(time),
    String(symbol.lastPrice),
    String(symbol.lastQuantity),
    session.averagePrice.toFixed(2),
    String(session.volume),
    String(session.open),
    String(session.high),
    String(session.low),
    String(session.previousClose),
    '0',
    '0',
    session.turnover.toFixed(2),
    special,
    String(symbol.sequence),
    ...quoteFields(symbol),
  ]);
}

/** `{"bidask":[…]}`: SymbolID, Time, Bid, BidQty, Ask, AskQty. */
export function bidAskFrame(symbol: SimulatedSymbol, time: number): string {
  return frame('bidask', [symbol.id, istTime(time), ...quoteFields(symbol)]);
}

export function loginAccepted(maxSymbols: number): string {
  return JSON.stringify({
    success: true,
    message: 'TrueData Real Time Data Service',
    segments: ['EQ', 'IND'],
    maxsymbols: maxSymbols,
    subscription: 'tick',
    validity: '2099-12-31T00:00:00',
  });
}

export function loginRefused(message: string): string {
  return JSON.stringify({
    success: false,
    message,
    segments: null,
    maxsymbols: 0,
    subscription: null,
    validity: '0001-01-01T00:00:00',
  });
}

/** Known symbols as rows, unknown ones as text. */
export function symbolsAdded(entries: readonly (string[] | string)[], total: number): string {
  return JSON.stringify({
    success: true,
    message: 'symbols added',
    symbolsadded: entries.filter((entry) => Array.isArray(entry)).length,
    symbollist: entries,
    totalsymbolsubscribed: total,
  });
}

export function symbolsRemoved(removed: readonly string[], total: number): string {
  return JSON.stringify({
    success: true,
    message: 'symbols removed',
    symbolsremoved: removed.length,
    symbollist: removed,
    totalsymbolsubscribed: total,
  });
}

export function heartbeat(now: number): string {
  return JSON.stringify({ success: true, message: 'HeartBeat', timestamp: istTime(now) });
}

export function marketStatus(): string {
  return JSON.stringify({
    success: true,
    message: 'marketstatus',
    data: { NSE_EQ: 'OPEN', NSE_IND: 'OPEN' },
  });
}

function quoteFields({ quote }: SimulatedSymbol): string[] {
  return [String(quote.bid), String(quote.bidQuantity), String(quote.ask), String(quote.askQuantity)];
}

/** Field values are digits, dates and letters, so they need no escaping: half the cost of `JSON.stringify`. */
function frame(name: string, fields: readonly string[]): string {
  return `{"${name}":["${fields.join('","')}"]}`;
}
