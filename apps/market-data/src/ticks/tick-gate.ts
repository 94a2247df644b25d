import type { MarketUpdate, TradeUpdate } from './market-update';
import type { RejectionReason } from './rejection';
import { judgeValues } from './tick-values';

/** How far an event may lie ahead of the clock that received it before it counts as a lie. */
export const FUTURE_TOLERANCE_MS = 5_000;

/** Numbers skipped per symbol that a late trade may still carry. */
const REMEMBERED_HOLES = 64;

/** After so long without a trade (ms) another trading day may have begun, and numbers with it. */
export const OVERNIGHT_MS = 4 * 3_600_000;

/** What becomes of an update: it passes, it is a trade for finished candles only, or it is rejected. */
export type Verdict = 'pass' | 'late' | RejectionReason;

interface SymbolHistory {
  /** Ranges of trade numbers that did not arrive, both ends included; oldest first. */
  holes: [from: number, to: number][];
  /** Of trades and quotes that carry a time. */
  lastQuoteTime: number;
  lastSummaryTime: number;
  lastTradeNumber: number | null;
  lastTradeTime: number;
  /** A connection has begun since the last trade: the vendor may number from the beginning. */
  mayRestart: boolean;
  trades: number;
}

/**
 * Last check before an update becomes shared truth: corrupt data is worse than no data.
 *
 * Order is judged per symbol: of trades by the vendor's number where there is one and by the time of the trades before,
 * of summaries by those before. The clocks of quotes and summaries run ahead of the trades that are still on their way,
 * so they say nothing about trades. A trade that comes after newer ones is late when its number shows that it was not
 * here before; without a number that cannot be known, and it is out of order. A rejected update leaves no trace in the
 * history.
 */
export class TickGate {
  private readonly bySymbol = new Map<string, SymbolHistory>();
  private missed = 0;

  /** @param numbersBeginDaily whether the vendor numbers the trades of each day from the beginning */
  constructor(private readonly numbersBeginDaily = true) {}

  judge(update: MarketUpdate): Verdict {
    const reason = judgeValues(update) ?? this.judgeTime(update);
    if (reason === 'out-of-order' && update.kind === 'trade' && this.takeLate(update)) return 'late';
    if (reason !== null) return reason;
    this.remember(update);
    return 'pass';
  }

  /** Accepted trades by symbol since the start. */
  tradesBySymbol(): Record<string, number> {
    const counts: Record<string, number> = {};
    for (const [symbol, history] of this.bySymbol) if (history.trades > 0) counts[symbol] = history.trades;
    return counts;
  }

  /** Trades a vendor numbered but that never arrived, since the start. */
  get missedTrades(): number {
    return this.missed;
  }

  /**
   * A new connection may number trades from the beginning; event times still have to rise. Numbers that go on instead
   * tell what was missed meanwhile.
   */
  connectionStarted(): void {
    for (const history of this.bySymbol.values()) history.mayRestart = true;
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
        holes: [],
        lastQuoteTime: Number.NEGATIVE_INFINITY,
        lastSummaryTime: Number.NEGATIVE_INFINITY,
        lastTradeNumber: null,
        lastTradeTime: Number.NEGATIVE_INFINITY,
        mayRestart: false,
        trades: 0,
      };
      this.bySymbol.set(update.symbol, history);
    }
    if (update.kind === 'quote') history.lastQuoteTime = update.eventTime ?? history.lastQuoteTime;
    if (update.kind === 'snapshot') history.lastSummaryTime = update.eventTime;
    if (update.kind !== 'trade') return;
    history.trades += 1;
    if (update.tradeNumber !== null) this.count(history, update.tradeNumber, update.eventTime);
    history.lastTradeTime = Math.max(history.lastTradeTime, update.eventTime);
  }

  /** Moves the numbering on; what it skips may still come. */
  private count(history: SymbolHistory, tradeNumber: number, eventTime: number): void {
    const last = history.lastTradeNumber;
    history.mayRestart = false;
    if (last !== null && (tradeNumber < last || this.isOvernight(eventTime, history))) {
      history.holes = [];
    } else if (last !== null && tradeNumber > last + 1) {
      this.missed += tradeNumber - last - 1;
      history.holes.push([last + 1, tradeNumber - 1]);
      if (history.holes.length > REMEMBERED_HOLES) history.holes.shift();
    }
    history.lastTradeNumber = tradeNumber;
  }

  private judgeTradeNumber(trade: TradeUpdate, history: SymbolHistory | undefined): RejectionReason | null {
    const { tradeNumber, eventTime } = trade;
    if (tradeNumber === null) return null;
    if (!Number.isSafeInteger(tradeNumber)) return 'malformed';
    const last = history?.lastTradeNumber ?? null;
    if (history === undefined || last === null || tradeNumber > last) return null;
    if (this.isOvernight(eventTime, history)) return null;
    if (tradeNumber === last) return 'duplicate';
    return history.mayRestart && eventTime > history.lastTradeTime ? null : 'out-of-order';
  }

  private isOvernight(eventTime: number, { lastTradeTime }: SymbolHistory): boolean {
    return this.numbersBeginDaily && eventTime - lastTradeTime > OVERNIGHT_MS;
  }

  /** Whether a trade out of order is one that was not here before: a hole has its number, or it is the next. */
  private takeLate({ symbol, tradeNumber, eventTime, lastNumber = tradeNumber ?? 0 }: TradeUpdate): boolean {
    const history = this.bySymbol.get(symbol);
    if (history === undefined || tradeNumber === null || !Number.isSafeInteger(tradeNumber)) return false;
    if (history.lastTradeNumber === null) return false;
    const trades = lastNumber - tradeNumber + 1;
    if (tradeNumber > history.lastTradeNumber) {
      this.count(history, tradeNumber, eventTime);
    } else {
      const at = history.holes.findIndex(([from, to]) => from <= tradeNumber && lastNumber <= to);
      const hole = history.holes[at];
      if (hole === undefined) return false;
      const [from, to] = hole;
      const rest: [number, number][] = [
        [from, tradeNumber - 1],
        [lastNumber + 1, to],
      ];
      history.holes.splice(at, 1, ...rest.filter(([first, last]) => first <= last));
      this.missed -= trades;
    }
    history.trades += trades;
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
