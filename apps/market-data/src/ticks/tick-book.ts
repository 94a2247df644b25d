import type { AssetClass, FeedName, Tick } from '@tickbridge/contracts';
import type { MarketUpdate, Quote, SessionFigures, SnapshotUpdate } from './market-update';

export type AssetClassOf = (symbol: string) => AssetClass | undefined;

const NO_QUOTE: Quote = { bid: null, bidQuantity: null, ask: null, askQuantity: null };
const NO_FIGURES: SessionFigures = {
  volume: null,
  open: null,
  high: null,
  low: null,
  previousClose: null,
  openInterest: null,
};

/**
 * Newest state of every symbol, folded from the updates that passed the gate.
 *
 * Each accepted update makes a new `Tick`; ticks handed out are never changed afterwards.
 */
export class TickBook {
  private readonly ticks = new Map<string, Tick>();
  private readonly quotesBeforeTrade = new Map<string, Quote>();
  /** Event times of the newest trades (ms since 1970). */
  private readonly tradedAt = new Map<string, number>();
  private sequence = 0;

  /** @param assetClassOf what the instrument lists say of a symbol; where they say nothing the feed's own word counts */
  constructor(
    private readonly source: FeedName,
    private readonly assetClassOf: AssetClassOf = () => undefined,
  ) {}

  /**
   * @param receivedAt our clock (ms since 1970); ages are measured from here
   * @param lagMs how old the update was by the exchange's clock when it was read
   * @returns the new state, or `undefined` while the symbol has no price yet: a quote alone is no tick
   */
  apply(update: MarketUpdate, receivedAt: number, lagMs = 0): Tick | undefined {
    const before = this.ticks.get(update.symbol);
    if (update.kind === 'quote' && before === undefined) {
      this.quotesBeforeTrade.set(update.symbol, update.quote);
      return undefined;
    }
    const tradedAt = update.kind === 'trade' ? update.eventTime : tradeOfSummary(update);
    if (tradedAt > (this.tradedAt.get(update.symbol) ?? 0)) this.tradedAt.set(update.symbol, tradedAt);
    const tick = this.fold(before, update, receivedAt, lagMs);
    this.ticks.set(update.symbol, tick);
    return tick;
  }

  get(symbol: string): Tick | undefined {
    return this.ticks.get(symbol);
  }

  /** Symbols that have a price. */
  get size(): number {
    return this.ticks.size;
  }

  values(): IterableIterator<Tick> {
    return this.ticks.values();
  }

  private fold(before: Tick | undefined, update: MarketUpdate, receivedAt: number, lagMs: number): Tick {
    const quote = update.quote ?? before ?? this.quotesBeforeTrade.get(update.symbol) ?? NO_QUOTE;
    const figures = figuresOf(before, update);
    const { lastPrice, lastQuantity } = this.lastTradeOf(before, update);
    const change = figures.previousClose === null ? null : lastPrice - figures.previousClose;
    return {
      symbol: update.symbol,
      assetClass: this.assetClassOf(update.symbol) ?? update.assetClass,
      lastPrice,
      lastQuantity,
      volume: figures.volume,
      open: figures.open,
      high: figures.high,
      low: figures.low,
      previousClose: figures.previousClose,
      change: change === null ? null : withoutFloatNoise(change),
      changePercent:
        change === null || figures.previousClose === null
          ? null
          : withoutFloatNoise((change / figures.previousClose) * 100),
      bid: quote.bid,
      bidQuantity: quote.bidQuantity,
      ask: quote.ask,
      askQuantity: quote.askQuantity,
      openInterest: figures.openInterest,
      eventTime: eventTimeOf(before, update),
      tradedAt: this.tradedAt.get(update.symbol) ?? null,
      receivedAt,
      lagMs: update.kind === 'snapshot' ? lagOfSummary(before, receivedAt, lagMs) : lagMs,
      sequence: ++this.sequence,
      source: this.source,
    };
  }

  /** A summary tells the price of a moment: it is news unless a later trade is known. What it leaves out stays. */
  private lastTradeOf(
    before: Tick | undefined,
    update: MarketUpdate,
  ): Pick<Tick, 'lastPrice' | 'lastQuantity'> {
    if (update.kind === 'trade') return { lastPrice: update.price, lastQuantity: update.quantity };
    const isOlder = update.kind === 'quote' || update.eventTime < (this.tradedAt.get(update.symbol) ?? 0);
    if (before !== undefined && isOlder) return before;
    const { price, quantity } = update as SnapshotUpdate;
    return { lastPrice: price, lastQuantity: quantity ?? before?.lastQuantity ?? null };
  }
}

/** When the trade was that a summary tells of; 0 when it does not say. */
function tradeOfSummary(update: MarketUpdate): number {
  return update.kind === 'snapshot' ? (update.tradedAt ?? 0) : 0;
}

/** Trades and quotes have their own; what has none, or is a summary, never moves the time backwards. */
function eventTimeOf(before: Tick | undefined, update: MarketUpdate): number {
  const known = before?.eventTime ?? 0;
  if (update.eventTime === null) return Math.max(update.readAt, known);
  return update.kind === 'snapshot' ? Math.max(update.eventTime, known) : update.eventTime;
}

/** A summary says nothing newer than what was heard before it: the price goes on growing old. */
function lagOfSummary(before: Tick | undefined, receivedAt: number, lagMs: number): number {
  return before === undefined
    ? lagMs
    : Math.min(lagMs, before.lagMs + Math.max(0, receivedAt - before.receivedAt));
}

/** Figures the frame does not mention stay as they were. */
function figuresOf(before: Tick | undefined, update: MarketUpdate): SessionFigures {
  if (update.kind === 'quote' || update.session === null) return before ?? NO_FIGURES;
  if (before === undefined) return update.session;
  const { session } = update;
  return {
    volume: session.volume ?? before.volume,
    open: session.open ?? before.open,
    high: session.high ?? before.high,
    low: session.low ?? before.low,
    previousClose: session.previousClose ?? before.previousClose,
    openInterest: session.openInterest ?? before.openInterest,
  };
}

/** 25331.7 - 25327.05 is 4.65, not 4.650000000001455. */
function withoutFloatNoise(value: number): number {
  return Math.round(value * 1e8) / 1e8;
}
