import type { MarketUpdate, TradeUpdate } from './market-update';
import { MissingTrades } from './missing-trades';
import type { RejectionReason } from './rejection';
import { SeenTrades } from './seen-trades';
import { judgeValues } from './tick-values';

/** How far an event may lie ahead of the clock that received it before it counts as a lie. */
export const FUTURE_TOLERANCE_MS = 5_000;

/** After so long without a trade (ms) another trading day may have begun, and numbers with it. */
export const OVERNIGHT_MS = 4 * 3_600_000;

/** What becomes of an update: it passes, it is a trade for finished candles only, or it is rejected. */
export type Verdict = 'pass' | 'late' | RejectionReason;

interface SymbolHistory {
  readonly missing: MissingTrades;
  /** Of a vendor that gives its trades ids and no numbers. */
  readonly seen: SeenTrades;
  /** Of trades and quotes that carry a time. */
  lastQuoteTime: number;
  lastSummaryTime: number;
  lastTradeNumber: number | null;
  lastTradeTime: number;
  /** A connection has begun since the last trade: the vendor may number from the beginning. */
  mayRestart: boolean;
  /** Trades up to this time were numbered before the numbers began anew (ms since 1970). */
  renumberedAt: number;
  trades: number;
}

/**
 * Last check before an update becomes shared truth: corrupt data is worse than no data.
 *
 * Order is judged per symbol: of trades by the vendor's number where there is one and by the time of the trades before,
 * of summaries by those before. The clocks of quotes and summaries run ahead of the trades that are still on their way,
 * so they say nothing about trades. A trade that comes after newer ones is late when its number or id shows that it
 * was not here before; without either that cannot be known, and it is out of order. A rejected update leaves no trace in the
 * history.
 */
export class TickGate {
  private readonly bySymbol = new Map<string, SymbolHistory>();

  /**
   * @param numbersBeginDaily whether the vendor numbers the trades of each day from the beginning
   * @param renumbered called when the numbers of a symbol began anew within a day: how many trades went by is not known
   */
  constructor(
    private readonly numbersBeginDaily = true,
    private readonly renumbered: (symbol: string) => void = () => undefined,
  ) {}

  judge(update: MarketUpdate): Verdict {
    const reason = judgeValues(update) ?? this.judgeTime(update);
    if (reason === 'out-of-order' && update.kind === 'trade' && this.takeLate(update)) return 'late';
    if (reason !== null) return reason;
    this.remember(update);
    return 'pass';
  }

  /** Accepted trades by symbol since the start, those that came within a candle of the vendor included. */
  tradesBySymbol(): Record<string, number> {
    const counts: Record<string, number> = {};
    for (const [symbol, history] of this.bySymbol) if (history.trades > 0) counts[symbol] = history.trades;
    return counts;
  }

  /** Trades a vendor numbered that neither arrived nor are part of a candle of its own. */
  get missedTrades(): number {
    let missed = 0;
    for (const { missing } of this.bySymbol.values()) missed += missing.count;
    return missed;
  }

  /**
   * A new connection may number trades from the beginning; event times still have to rise. Numbers that go on instead
   * tell what was missed meanwhile.
   *
   * @param symbols those of the connection; without them all
   */
  connectionStarted(symbols: Iterable<string> = this.bySymbol.keys()): void {
    for (const symbol of symbols) {
      const history = this.bySymbol.get(symbol);
      if (history !== undefined) history.mayRestart = true;
    }
  }

  /** The candles of this time are the vendor's own now (ms since 1970, end excluded): nothing of it is missing. */
  filled(symbol: string, from: number, to: number): void {
    const history = this.bySymbol.get(symbol);
    if (history !== undefined) history.trades += history.missing.filled(from, to);
  }

  private judgeTime(update: MarketUpdate): RejectionReason | null {
    const history = this.bySymbol.get(update.symbol);
    if (update.kind === 'trade') {
      const reason = this.judgeTradeNumber(update, history);
      if (reason !== null) return reason;
    }
    if (update.eventTime === null) return null;
    if (!(update.eventTime >= 0)) return 'malformed';
    if (update.eventTime > update.readAt + FUTURE_TOLERANCE_MS) return 'future';
    return history !== undefined && update.eventTime < newestOfKind(update, history) ? 'out-of-order' : null;
  }

  private remember(update: MarketUpdate): void {
    let history = this.bySymbol.get(update.symbol);
    if (history === undefined) {
      history = {
        missing: new MissingTrades(),
        seen: new SeenTrades(),
        lastQuoteTime: Number.NEGATIVE_INFINITY,
        lastSummaryTime: Number.NEGATIVE_INFINITY,
        lastTradeNumber: null,
        lastTradeTime: Number.NEGATIVE_INFINITY,
        mayRestart: false,
        renumberedAt: Number.NEGATIVE_INFINITY,
        trades: 0,
      };
      this.bySymbol.set(update.symbol, history);
    }
    if (update.kind === 'quote') history.lastQuoteTime = update.eventTime ?? history.lastQuoteTime;
    if (update.kind === 'snapshot') history.lastSummaryTime = update.eventTime;
    if (update.kind !== 'trade') return;
    history.trades += 1;
    if (update.tradeNumber !== null) this.count(history, update, update.tradeNumber);
    if (update.tradeId !== undefined) history.seen.add(update.tradeId);
    history.lastTradeTime = Math.max(history.lastTradeTime, update.eventTime);
  }

  /** Moves the numbering on; what it skips may still come. */
  private count(history: SymbolHistory, { symbol, eventTime }: TradeUpdate, tradeNumber: number): void {
    const last = history.lastTradeNumber;
    const isOvernight = this.isOvernight(eventTime, history);
    history.mayRestart = false;
    if (last !== null && (tradeNumber <= last || isOvernight)) {
      history.missing.numbersRestarted();
      history.renumberedAt = history.lastTradeTime;
      if (!isOvernight) this.renumbered(symbol);
    } else if (last !== null && tradeNumber > last + 1) {
      const [after, before] = [history.lastTradeTime, eventTime].sort((a, b) => a - b) as [number, number];
      history.missing.add({ from: last + 1, to: tradeNumber - 1, after, before });
    }
    history.lastTradeNumber = tradeNumber;
  }

  private judgeTradeNumber(trade: TradeUpdate, history: SymbolHistory | undefined): RejectionReason | null {
    const { tradeNumber, tradeId, eventTime } = trade;
    if (tradeId !== undefined && history?.seen.has(tradeId)) return 'duplicate';
    if (tradeNumber === null) return null;
    if (!Number.isSafeInteger(tradeNumber)) return 'malformed';
    const last = history?.lastTradeNumber ?? null;
    if (history === undefined || last === null || tradeNumber > last) return null;
    if (this.isOvernight(eventTime, history)) return null;
    if (history.mayRestart && eventTime > history.lastTradeTime) return null;
    return tradeNumber === last ? 'duplicate' : 'out-of-order';
  }

  private isOvernight(eventTime: number, { lastTradeTime }: SymbolHistory): boolean {
    return this.numbersBeginDaily && eventTime - lastTradeTime > OVERNIGHT_MS;
  }

  /** Whether a trade out of order is one that was not here before: its id is new, a hole has its number, or it is the next. */
  private takeLate(trade: TradeUpdate): boolean {
    const { symbol, tradeNumber, tradeId, eventTime, lastNumber = tradeNumber ?? 0 } = trade;
    const history = this.bySymbol.get(symbol);
    if (history !== undefined && tradeId !== undefined) {
      history.seen.add(tradeId);
      history.trades += 1;
      return true;
    }
    if (history === undefined || tradeNumber === null || !Number.isSafeInteger(tradeNumber)) return false;
    // Its number is one of those before: it may have been here under it.
    if (history.lastTradeNumber === null || eventTime <= history.renumberedAt) return false;
    if (tradeNumber > history.lastTradeNumber) this.count(history, trade, tradeNumber);
    else if (!history.missing.take(tradeNumber, lastNumber)) return false;
    history.trades += lastNumber - tradeNumber + 1;
    return true;
  }
}

/** A quote is older than a trade that came before it, but no trade is older than a quote. */
function newestOfKind(
  { kind }: MarketUpdate,
  { lastTradeTime, lastQuoteTime, lastSummaryTime }: SymbolHistory,
): number {
  switch (kind) {
    case 'trade':
      return lastTradeTime;
    case 'quote':
      return Math.max(lastTradeTime, lastQuoteTime);
    case 'snapshot':
      return lastSummaryTime;
  }
}
