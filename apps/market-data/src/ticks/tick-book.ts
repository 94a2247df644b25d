import type { AssetClass, FeedName, Tick } from '@tickbridge/contracts';
import type { MarketUpdate, Quote, SessionFigures } from './market-update';

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
  private sequence = 0;

  /** @param assetClassOf what the instrument lists say of a symbol; where they say nothing the feed's own word counts */
  constructor(
    private readonly source: FeedName,
    private readonly assetClassOf: AssetClassOf = () => undefined,
  ) {}

  /**
   * @param receivedAt our clock (ms since 1970); ages are measured from here
   * @returns the new state, or `undefined` while the symbol has no price yet: a quote alone is no tick
   */
  apply(update: MarketUpdate, receivedAt: number): Tick | undefined {
    const before = this.ticks.get(update.symbol);
    if (update.kind === 'quote' && before === undefined) {
      this.quotesBeforeTrade.set(update.symbol, update.quote);
      return undefined;
    }
    const tick = this.fold(before, update, receivedAt);
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

  private fold(before: Tick | undefined, update: MarketUpdate, receivedAt: number): Tick {
    const quote = update.quote ?? before ?? this.quotesBeforeTrade.get(update.symbol) ?? NO_QUOTE;
    const figures = figuresOf(before, update);
    const lastPrice = update.kind === 'quote' ? (before as Tick).lastPrice : update.price;
    const change = figures.previousClose === null ? null : lastPrice - figures.previousClose;
    return {
      symbol: update.symbol,
      assetClass: this.assetClassOf(update.symbol) ?? update.assetClass,
      lastPrice,
      lastQuantity: update.kind === 'quote' ? (before?.lastQuantity ?? null) : update.quantity,
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
      // A quote without a time of its own never moves the event time backwards.
      eventTime: update.eventTime ?? Math.max(update.readAt, before?.eventTime ?? 0),
      receivedAt,
      sequence: ++this.sequence,
      source: this.source,
    };
  }
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
