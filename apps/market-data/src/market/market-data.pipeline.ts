import { Logger } from '@nestjs/common';
import { feedFacts, type FeedName, type FeedStatus, type Tick } from '@tickbridge/contracts';
import { BarBuilder } from '../bars/bar-builder';
import { TradeClock } from '../bars/trade-clock';
import type { CandleKeeper } from '../candles/candle.keeper';
import { FeedSink } from '../feeds/feed-sink';
import type { MarketUpdate } from '../ticks/market-update';
import type { RejectionReason } from '../ticks/rejection';
import { type AssetClassOf, TickBook } from '../ticks/tick-book';
import { TickGate } from '../ticks/tick-gate';
import { VendorClock } from '../ticks/vendor-clock';
import type { MarketPublisher } from './market-publisher';

/** What the pipeline has counted since the start. */
export type IntakeFigures = Pick<
  FeedStatus,
  'tradesBySymbol' | 'ticksAccepted' | 'rejected' | 'ignored' | 'missedTrades'
>;

/** The first rejections of each reason are logged with their text, the rest only counted. */
const SAMPLES_LOGGED = 3;
const SAMPLE_LENGTH = 200;

/** From here on an outage costs whole one-minute candles (ms). */
const LONG_OUTAGE_MS = 60_000;

/**
 * The walk of a tick through this process: gate, book, publisher; trades also go to bars and candles. A late trade
 * goes to the candles alone.
 *
 * Synchronous from frame to publisher, so updates keep the order the vendor sent them in.
 */
export class MarketDataPipeline extends FeedSink {
  private readonly log = new Logger(MarketDataPipeline.name);
  private gate: TickGate;
  private book: TickBook;
  private bars: BarBuilder;
  private clock = new TradeClock();
  /** How far our clock is from the vendor's. */
  readonly vendorClock = new VendorClock();
  private readonly rejected = new Map<RejectionReason, number>();
  private readonly ignored = new Map<string, number>();
  private accepted = 0;
  private late = 0;
  private newest: Tick | undefined;
  /** Whether what comes is told to be no live market: made up, or recorded. */
  isPlayback: () => boolean = () => false;
  /** Called with symbols whose candles may lack trades that only the vendor's history has. */
  onTradesLost: (symbols: readonly string[]) => void = () => undefined;

  constructor(
    private readonly source: FeedName,
    private readonly publisher: MarketPublisher,
    private readonly candles: CandleKeeper,
    private readonly now: () => number = Date.now,
    private readonly assetClassOf?: AssetClassOf,
  ) {
    super();
    this.gate = this.newGate();
    this.book = new TickBook(source, assetClassOf);
    this.bars = this.newBars();
  }

  /**
   * This process holds the feed from now on. What it knew of the market from an earlier term is forgotten: others
   * have held the feed since, and an old price must not pass for the newest.
   */
  beginTerm(): void {
    this.gate = this.newGate();
    this.book = new TickBook(this.source, this.assetClassOf);
    this.bars = this.newBars();
    this.clock = new TradeClock();
    this.newest = undefined;
    this.publisher.beginEpoch();
  }

  override accept(update: MarketUpdate): void {
    const verdict = this.gate.judge(update);
    // A trade from the future may be a broken frame or our clock: its rejection is heard, any other is not.
    if (update.kind === 'trade' && (verdict === 'pass' || verdict === 'future')) {
      this.vendorClock.observe(update.readAt, update.eventTime);
    }
    if (verdict === 'late') {
      this.acceptLate(update);
      return;
    }
    if (verdict !== 'pass' && isFill(update)) {
      // Asked for one by one, and meanwhile its candle came.
      this.ignore('trade-within-candle');
      return;
    }
    if (verdict !== 'pass') {
      this.reject(verdict, JSON.stringify(update));
      return;
    }
    this.accepted += 1;
    this.closeBarsBy(update.readAt);
    if (update.kind === 'trade' && update.setsPrice === false) {
      this.addToCandles(update);
      return;
    }
    // A quote without a time is as old as the moment it was read.
    const lagMs = update.eventTime === null ? 0 : this.lagOf(update.readAt, update.eventTime);
    const tick = this.book.apply(update, this.now(), lagMs);
    if (tick === undefined) return;
    this.newest = tick;
    this.publisher.publish(tick);
    if (update.kind === 'trade') {
      this.clock.hear(update);
      this.addToCandles(update);
      this.bars.addTrade(tick);
    } else if (update.quote !== undefined) {
      // A quote without a time is as old as the moment it was read, on the exchange's clock and not on ours.
      this.bars.addQuote(tick, update.eventTime ?? this.clock.at(update.readAt) ?? undefined);
    }
  }

  private lagOf(readAt: number, eventTime: number): number {
    return this.vendorClock.lagMs(readAt, eventTime, this.isPlayback());
  }

  override reject(reason: RejectionReason, sample: string): void {
    const count = (this.rejected.get(reason) ?? 0) + 1;
    this.rejected.set(reason, count);
    if (count <= SAMPLES_LOGGED) this.log.warn(`rejected, ${reason}: ${sample.slice(0, SAMPLE_LENGTH)}`);
  }

  override ignore(kind: string): void {
    this.ignored.set(kind, (this.ignored.get(kind) ?? 0) + 1);
  }

  override connectionStarted(symbols: readonly string[]): void {
    this.gate.connectionStarted(symbols);
    const silentMs = this.newest === undefined ? 0 : this.now() - this.newest.receivedAt;
    if (silentMs > LONG_OUTAGE_MS) this.onTradesLost(symbols);
  }

  override tradesLost(symbols: readonly string[]): void {
    this.onTradesLost(symbols);
  }

  /** The candles of this time are the vendor's own now (ms since 1970, end excluded): no trade of it is missing. */
  minutesFilled(symbol: string, from: number, to: number): void {
    this.gate.filled(symbol, from, to);
  }

  override ended(): void {
    this.bars.flush();
    this.candles.finish();
  }

  /**
   * Closes bars whose end has passed although nobody trades and nothing else comes. For live feeds only: a replay's
   * clock is in its recording.
   */
  closeQuietBars(): void {
    this.closeBarsBy(this.now());
  }

  /** Newest state of a symbol; `undefined` before its first price. */
  tick(symbol: string): Tick | undefined {
    return this.book.get(symbol);
  }

  ticks(): IterableIterator<Tick> {
    return this.book.values();
  }

  /** Symbols that have a price. */
  get symbolsWithPrice(): number {
    return this.book.size;
  }

  /** The tick accepted last, whatever its symbol. */
  get newestTick(): Tick | undefined {
    return this.newest;
  }

  /** Trades that came after their bar had closed, or after newer trades of their symbol. */
  get lateTrades(): number {
    return this.bars.lateTrades + this.late;
  }

  /**
   * Before each update as well as by the timer: so a recording, whose frames carry the same times, closes its bars
   * where the live feed did.
   */
  private closeBarsBy(readAt: number): void {
    const exchangeTime = this.clock.at(readAt);
    if (exchangeTime !== null) this.bars.advanceTo(exchangeTime);
  }

  /** It is no news any more and bars have been acted on, but what was traded is part of its candle. */
  private acceptLate(update: MarketUpdate): void {
    this.accepted += 1;
    this.late += 1;
    this.addToCandles(update);
  }

  private addToCandles(update: MarketUpdate): void {
    if (update.kind !== 'trade') return;
    const { symbol, eventTime, price, quantity, tradeNumber, lastNumber, setsPrice = true } = update;
    const isFill = lastNumber !== undefined && tradeNumber !== null;
    const trades = isFill ? lastNumber - tradeNumber + 1 : 1;
    const trade = { symbol, eventTime, price, quantity: quantity ?? 0, trades, setsPrice, isFill };
    if (!this.candles.addTrade(trade)) this.onTradesLost([symbol]);
  }

  /** TrueData numbers the trades of a day, Binance those of a market for ever. */
  private newGate(): TickGate {
    const numbersBeginDaily = feedFacts(this.source).market === 'india';
    return new TickGate(numbersBeginDaily, (symbol) => this.onTradesLost([symbol]));
  }

  private newBars(): BarBuilder {
    return new BarBuilder((bar) => this.publisher.publishBar(bar));
  }

  figures(): IntakeFigures {
    return {
      tradesBySymbol: this.gate.tradesBySymbol(),
      ticksAccepted: this.accepted,
      rejected: Object.fromEntries(this.rejected),
      ignored: Object.fromEntries(this.ignored),
      missedTrades: this.gate.missedTrades,
    };
  }
}

/** Fetched for a gap: only such trades are told as a range of numbers. */
function isFill(update: MarketUpdate): boolean {
  return update.kind === 'trade' && update.lastNumber !== undefined;
}
