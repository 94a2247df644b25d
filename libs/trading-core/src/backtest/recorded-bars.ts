import { type Bar, decimalOf, exactSum, parseJsonObject } from '@tickbridge/contracts';

/** Length of the bars that strategies run on. */
export const STRATEGY_BAR_MS = 5_000;
/** A bar waits this long after its end for trades that are still on their way. */
const GRACE_MS = 1_000;
/** An event further than this ahead of the clock that recorded it is a lie. */
const FUTURE_TOLERANCE_MS = 5_000;

type OpenBar = Omit<Bar, 'sequence'>;
type Quote = Pick<Bar, 'bid' | 'bidQuantity' | 'ask' | 'askQuantity'>;

interface SymbolState {
  quote: Quote;
  lastEventTime: number;
  lastTradeNumber: number;
  open: OpenBar | undefined;
}

interface Frame {
  stream?: unknown;
  data?: unknown;
}

const NO_QUOTE: Quote = { bid: null, bidQuantity: null, ask: null, askQuantity: null };

/**
 * Bars of recorded Binance frames (`<local nanoseconds> <frame>`, in the order they were recorded), as the platform
 * builds them from the live stream: a bar closes when its symbol trades in a later one, or when any symbol's trades
 * are a second past its end; its quote is the last before that. Frames that the platform rejects are left out.
 */
export class RecordedBars {
  private readonly states = new Map<string, SymbolState>();
  private closed: Bar[] = [];
  private clock = Number.NEGATIVE_INFINITY;
  private sequence = 0;
  private refused = 0;

  /** @param symbols only these; all when absent */
  constructor(
    private readonly symbols?: ReadonlySet<string>,
    private readonly intervalMs = STRATEGY_BAR_MS,
  ) {}

  /** Lines that were no frame, or trades that came twice, too late or with numbers that are none. */
  get rejected(): number {
    return this.refused;
  }

  /** Takes one line. @returns bars it closed, in order */
  take(line: string): Bar[] {
    const space = line.indexOf(' ');
    const recordedAt = Number(line.slice(0, space)) / 1e6;
    const frame =
      space > 0 && recordedAt > 0 ? (parseJsonObject(line.slice(space + 1)) as Frame | undefined) : undefined;
    if (!frame) {
      this.refused += 1;
      return [];
    }
    const { stream, data } = frame;
    if (typeof stream !== 'string' || !isRecord(data) || typeof data['s'] !== 'string') return [];
    const symbol = data['s'];
    if (this.symbols && !this.symbols.has(symbol)) return [];
    if (stream.includes('@trade')) this.trade(symbol, data, recordedAt);
    else if (stream.includes('@bookTicker')) this.quote(symbol, data, recordedAt);
    return this.drain();
  }

  /** Closes what is open: the recording has ended. */
  finish(): Bar[] {
    for (const bar of this.openBars()) this.close(bar);
    return this.drain();
  }

  private trade(symbol: string, data: Record<string, unknown>, recordedAt: number): void {
    const price = numberOf(data.p);
    const quantity = numberOf(data.q);
    const number = numberOf(data.t);
    const time = numberOf(data.T);
    const state = this.stateOf(symbol);
    const sane = price > 0 && quantity >= 0 && Number.isSafeInteger(number) && Number.isFinite(time);
    const inOrder = number > state.lastTradeNumber && time >= state.lastEventTime;
    if (!sane || !inOrder || time > recordedAt + FUTURE_TOLERANCE_MS) {
      this.refused += 1;
      return;
    }
    state.lastTradeNumber = number;
    state.lastEventTime = time;
    const openTime = Math.floor(time / this.intervalMs) * this.intervalMs;
    if (state.open?.openTime === openTime) extend(state.open, price, quantity, state.quote);
    else {
      if (state.open) this.close(state.open);
      state.open = begin(symbol, this.intervalMs, openTime, price, quantity, state.quote);
    }
    this.advanceTo(time);
  }

  private quote(symbol: string, data: Record<string, unknown>, recordedAt: number): void {
    const quote = quoteOf(data);
    if (!quote) {
      this.refused += 1;
      return;
    }
    const state = this.stateOf(symbol);
    state.quote = quote;
    // Quotes carry no time of their own; one recorded after a bar's end is not the bar's closing quote.
    if (state.open && recordedAt < state.open.openTime + this.intervalMs) Object.assign(state.open, quote);
  }

  private advanceTo(time: number): void {
    if (time <= this.clock) return;
    this.clock = time;
    for (const bar of this.openBars()) {
      if (bar.openTime + this.intervalMs + GRACE_MS <= time) this.close(bar);
    }
  }

  /** By time, then by symbol: the order in which several close at once is part of the result. */
  private openBars(): OpenBar[] {
    return [...this.states.values()]
      .map(({ open }) => open)
      .filter((bar) => bar !== undefined)
      .sort((a, b) => a.openTime - b.openTime || (a.symbol < b.symbol ? -1 : 1));
  }

  private close(bar: OpenBar): void {
    this.stateOf(bar.symbol).open = undefined;
    this.sequence += 1;
    this.closed.push({ ...bar, sequence: this.sequence });
  }

  private drain(): Bar[] {
    const { closed } = this;
    if (closed.length > 0) this.closed = [];
    return closed;
  }

  private stateOf(symbol: string): SymbolState {
    let state = this.states.get(symbol);
    if (!state) {
      const never = Number.NEGATIVE_INFINITY;
      state = { quote: NO_QUOTE, lastEventTime: never, lastTradeNumber: never, open: undefined };
      this.states.set(symbol, state);
    }
    return state;
  }
}

/** All bars of the lines of a recording. */
export function* recordedBars(lines: Iterable<string>, symbols?: ReadonlySet<string>): Generator<Bar> {
  const builder = new RecordedBars(symbols);
  for (const line of lines) if (line !== '') yield* builder.take(line);
  yield* builder.finish();
}

function begin(
  symbol: string,
  intervalMs: number,
  openTime: number,
  price: number,
  volume: number,
  quote: Quote,
): OpenBar {
  const prices = { open: price, high: price, low: price, close: price };
  return { symbol, intervalMs, openTime, ...prices, volume, trades: 1, ...quote };
}

function extend(bar: OpenBar, price: number, quantity: number, quote: Quote): void {
  bar.high = Math.max(bar.high, price);
  bar.low = Math.min(bar.low, price);
  bar.close = price;
  bar.volume = exactSum(bar.volume, quantity);
  bar.trades += 1;
  Object.assign(bar, quote);
}

/** A price of zero means that nobody quotes that side; one that is no price makes the frame unusable. */
function quoteOf(data: Record<string, unknown>): Quote | undefined {
  const bid = numberOf(data.b);
  const ask = numberOf(data.a);
  if (!(bid >= 0) || !(ask >= 0)) return undefined;
  return {
    bid: bid === 0 ? null : bid,
    bidQuantity: bid === 0 ? null : quantityOf(data.B),
    ask: ask === 0 ? null : ask,
    askQuantity: ask === 0 ? null : quantityOf(data.A),
  };
}

function quantityOf(field: unknown): number | null {
  const quantity = numberOf(field);
  return Number.isFinite(quantity) && quantity >= 0 ? quantity : null;
}

function numberOf(field: unknown): number {
  return decimalOf(field);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
