import { setTimeout } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import type { TradeUpdate } from '../../ticks/market-update';
import { OVERNIGHT_MS } from '../../ticks/tick-gate';
import { indianAssetClass } from '../asset-class';
import type { FeedSink } from '../feed-sink';
import type { HistoryTick } from './truedata.history';

/** Where missed trades are had from. */
export interface TickHistory {
  ticks(symbol: string, from: number, to: number): Promise<readonly HistoryTick[]>;
}

export interface GapFillOptions {
  /** Pause between two questions (ms): the vendor answers five for ticks per second. */
  readonly pauseMs: number;
  readonly now: () => number;
}

/** The last trade seen of a symbol. */
interface Seen {
  number: number;
  eventTime: number;
  /** Trades seen in that second. */
  inSecond: number;
  /** Volume of the day after it; `null` where the vendor counts none. */
  volume: number | null;
  /** No trade of the running connection was seen yet. */
  awaited: boolean;
}

/** Trades that were numbered but did not come. */
interface Gap {
  readonly symbol: string;
  readonly firstNumber: number;
  readonly count: number;
  /** Seconds of the trades before and after the gap. */
  readonly from: number;
  readonly to: number;
  /** Trades of the first second that did come. */
  readonly skip: number;
  /** What was traded in the gap; `null` when the vendor counts no volume. */
  readonly volume: number | null;
  readonly attempt: number;
  /** Not asked for before (ms since 1970). */
  readonly dueAt: number;
}

/** A longer gap is left to the minute bars of the history (ms). */
const LONGEST_GAP_MS = 600_000;
const MAX_ATTEMPTS = 3;
/** The history may be behind the live feed: so long until it is asked again (ms). */
const RETRY_MS = 3_000;

/**
 * Fetches the trades that a lost connection cost.
 *
 * The vendor numbers trades per symbol, so the first trade of a new connection says how many are missing. The history
 * knows no numbers, but the same order: without those of the first second that did come, its trades are the missing ones,
 * as many as numbers are missing. What is fetched is late: it completes candles and is no news. Numbers that are skipped
 * within a connection are the vendor's doing, and are only counted.
 */
export class TrueDataGapFill {
  private readonly log = new Logger(TrueDataGapFill.name);
  private readonly seen = new Map<string, Seen>();
  private readonly queue: Gap[] = [];
  private stopped = new AbortController();
  private isRunning = false;
  private filled = 0;

  constructor(
    private readonly history: TickHistory,
    private readonly sink: FeedSink,
    private readonly options: GapFillOptions,
  ) {}

  /** Trades fetched since the start. */
  get filledTrades(): number {
    return this.filled;
  }

  /** A connection begins: what its first trades skip was lost with the one before. */
  connectionStarted(): void {
    for (const seen of this.seen.values()) seen.awaited = true;
  }

  /** Ends what is under way. */
  stop(): void {
    this.stopped.abort();
    this.queue.length = 0;
  }

  /** Looks whether trades are missing before this one. */
  see({ symbol, tradeNumber, eventTime, quantity, session, readAt, price }: TradeUpdate): void {
    if (tradeNumber === null || !Number.isSafeInteger(tradeNumber)) return;
    // What the gate will reject says nothing about what came before it.
    if (!(price > 0) || !(eventTime <= readAt + SLACK_MS)) return;
    const volume = session?.volume ?? null;
    const last = this.seen.get(symbol);
    if (last === undefined) {
      this.seen.set(symbol, { number: tradeNumber, eventTime, inSecond: 1, volume, awaited: false });
      return;
    }
    const mayRestart = last.awaited || eventTime - last.eventTime > OVERNIGHT_MS;
    if (eventTime < last.eventTime || (tradeNumber <= last.number && !mayRestart)) return;
    const count = tradeNumber - last.number - 1;
    if (last.awaited && count > 0 && eventTime - last.eventTime <= LONGEST_GAP_MS) {
      const traded = volume === null || last.volume === null ? null : volume - (quantity ?? 0) - last.volume;
      this.enqueue({
        symbol,
        firstNumber: last.number + 1,
        count,
        from: last.eventTime,
        to: eventTime,
        skip: last.inSecond,
        volume: traded,
        attempt: 1,
        dueAt: 0,
      });
    }
    last.inSecond = eventTime === last.eventTime ? last.inSecond + 1 : 1;
    last.number = tradeNumber;
    last.eventTime = eventTime;
    last.volume = volume;
    last.awaited = false;
  }

  private enqueue(gap: Gap): void {
    this.queue.push(gap);
    if (this.isRunning) return;
    this.isRunning = true;
    if (this.stopped.signal.aborted) this.stopped = new AbortController();
    const { signal } = this.stopped;
    this.run(signal)
      .catch((error: unknown) => {
        if (!signal.aborted) this.log.warn(`gaps stay open: ${String(error)}`);
      })
      .finally(() => (this.isRunning = false));
  }

  private async run(stopped: AbortSignal): Promise<void> {
    const before = this.filled;
    let missed = 0;
    for (let gap = this.queue.shift(); gap !== undefined; gap = this.queue.shift()) {
      const waitMs = Math.max(this.options.pauseMs, gap.dueAt - this.options.now());
      await setTimeout(waitMs, undefined, { signal: stopped });
      if (gap.attempt === 1) missed += gap.count;
      await this.fill(gap);
    }
    this.log.log(`${this.filled - before} of ${missed} missed trades fetched`);
  }

  private async fill(gap: Gap): Promise<void> {
    try {
      const ticks = missedTicks(gap, await this.history.ticks(gap.symbol, gap.from, gap.to));
      if (ticks.length < gap.count && gap.attempt < MAX_ATTEMPTS) {
        this.again(gap);
        return;
      }
      ticks.forEach((tick, index) => this.accept(gap, tick, gap.firstNumber + index));
      if (ticks.length < gap.count) this.sink.tradesLost([gap.symbol]);
    } catch (error) {
      if (gap.attempt < MAX_ATTEMPTS) this.again(gap);
      else {
        const reason = error instanceof Error ? error.message : String(error);
        this.log.warn(`${gap.symbol}: ${gap.count} missed trades not fetched: ${reason}`);
        this.sink.tradesLost([gap.symbol]);
      }
    }
  }

  private again(gap: Gap): void {
    this.queue.push({ ...gap, attempt: gap.attempt + 1, dueAt: this.options.now() + RETRY_MS });
  }

  private accept({ symbol }: Gap, { eventTime, price, quantity }: HistoryTick, number: number): void {
    this.filled += 1;
    this.sink.accept({
      kind: 'trade',
      symbol,
      assetClass: indianAssetClass(symbol),
      price,
      quantity,
      eventTime,
      tradeNumber: number,
      lastNumber: number,
      session: null,
      readAt: this.options.now(),
    });
  }
}

/** How far a vendor's clock may run ahead of ours (ms). */
const SLACK_MS = 5_000;

/**
 * The missing trades of what the history answered.
 *
 * @throws Error when they are worth more than was traded: then the history means something else by its figures
 */
function missedTicks(gap: Gap, ticks: readonly HistoryTick[]): HistoryTick[] {
  let skip = gap.skip;
  const missed = ticks.filter((tick) => tick.eventTime > gap.from || skip-- <= 0).slice(0, gap.count);
  const quantity = missed.reduce((sum, tick) => sum + tick.quantity, 0);
  if (gap.volume === null || quantity <= gap.volume) return missed;
  throw new Error(`the history has ${quantity} traded where the day's volume rose by ${gap.volume}`);
}
