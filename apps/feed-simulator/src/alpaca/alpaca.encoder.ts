import type { MinuteBar } from '../market/minute-bars';
import type { SimulatedSymbol } from '../market/simulated-symbol';
import { SESSION_MS } from '../market/trading-session';
import type { UsEvent } from './us-market';
import { US_SHARES } from './us-shares';

/** Letter of the Investors Exchange. */
const IEX = 'V';
const TAPE = { NYSE: 'A', ARCA: 'B', NASDAQ: 'C' } as const;
const TAPES: ReadonlyMap<string, string> = new Map(
  US_SHARES.map(({ symbol, exchange }) => [symbol, TAPE[exchange]]),
);
/** Ids of the exchange's trades begin somewhere, and are no numbering. */
const ID_BASE = 52_983_525_000_000;
const ID_STEP = 37;

/** An event as it goes over the wire. */
export function eventMessage(event: UsEvent): object {
  return event.kind === 'quote'
    ? { T: 'q', S: event.symbol.name, ...quoteFields(event.symbol, event.time) }
    : { T: 't', S: event.symbol.name, ...tradeFields(event) };
}

function tradeFields(event: UsEvent): object {
  const { symbol, time } = event;
  const isOdd = event.kind === 'odd-lot';
  return tradeOf(
    symbol,
    time,
    isOdd ? event.price : symbol.lastPrice,
    isOdd ? event.quantity : symbol.lastQuantity,
    isOdd,
  );
}

function tradeOf(symbol: SimulatedSymbol, time: number, price: number, size: number, isOdd: boolean): object {
  return {
    i: ID_BASE + symbol.sequence * ID_STEP,
    x: IEX,
    p: price,
    s: size,
    c: isOdd ? ['@', 'I'] : ['@'],
    t: nanoseconds(time),
    z: tapeOf(symbol.name),
  };
}

function quoteFields(symbol: SimulatedSymbol, time: number): object {
  const { bid, bidQuantity, ask, askQuantity } = symbol.quote;
  return {
    bx: IEX,
    bp: bid,
    bs: bidQuantity,
    ax: IEX,
    ap: ask,
    as: askQuantity,
    c: ['R'],
    t: nanoseconds(time),
    z: tapeOf(symbol.name),
  };
}

/** A minute as stream and history tell it. */
export function barFields({ start, open, high, low, close, volume, trades }: MinuteBar): object {
  return { o: open, h: high, l: low, c: close, v: volume, n: trades, t: wholeSeconds(start) };
}

/** State of a symbol as `GET /v2/stocks/snapshots` tells it; of the session before only its close is kept. */
export function snapshot(symbol: SimulatedSymbol, sessionStartedAt: number): object {
  const { session, lastPrice, lastQuantity, lastTime } = symbol;
  const { open, high, low, volume, previousClose } = session;
  const [minute] = symbol.minutes.latest(1);
  return {
    latestTrade: tradeOf(symbol, lastTime, lastPrice, lastQuantity, false),
    latestQuote: quoteFields(symbol, lastTime),
    minuteBar: minute === undefined ? null : barFields(minute),
    dailyBar: { t: wholeSeconds(sessionStartedAt), o: open, h: high, l: low, c: lastPrice, v: volume },
    prevDailyBar: { t: wholeSeconds(sessionStartedAt - SESSION_MS), c: previousClose },
  };
}

function wholeSeconds(time: number): string {
  return new Date(time).toISOString().replace('.000', '');
}

function tapeOf(symbol: string): string {
  return TAPES.get(symbol) ?? 'C';
}

/** `2026-11-27T15:51:44.208123456Z`: the market moves in fractions of a millisecond. */
function nanoseconds(time: number): string {
  const whole = Math.floor(time);
  const rest = Math.floor((time - whole) * 1e6);
  return new Date(whole).toISOString().replace('Z', `${String(rest).padStart(6, '0')}Z`);
}
