import { Logger } from '@nestjs/common';
import { isDatabaseUnavailable, rootMessage } from '@tickbridge/database';
import { CANDLE_INTERVAL_MS, type CandleInterval } from '@tickbridge/contracts';
import type { CandleTrade, NamedCandle, StoredCandle } from '../bars/candle';
import { CandleBook } from './candle-book';
import { CandleQueue } from './candle-queue';
import type { CandleRepository } from './candle.repository';

/** Pace of writing (ms). */
const FLUSH_MS = 1_000;
/** Candles per statement. */
const BATCH = 1_000;
/** What still waits is written within this time when a term ends (ms). */
const LAST_FLUSH_MS = 3_000;

/** What became of the candles since the start. */
export interface CandleFigures {
  readonly written: number;
  readonly batches: number;
  readonly waiting: number;
  readonly givenUp: number;
  /** Candles PostgreSQL refused for what they are. */
  readonly refused: number;
  /** Candles of a vendor's history that do not begin where their interval does. */
  readonly misplaced: number;
  readonly lateAmended: number;
  readonly lateDropped: number;
  readonly windowBytes: number;
  /** Whether the last batch reached PostgreSQL; `null` before the first. */
  readonly storing: boolean | null;
}

/**
 * Candles of this process, on their way to PostgreSQL in batches.
 *
 * Nothing here waits for PostgreSQL but the batch itself: trades go into memory, finished candles into a bounded queue,
 * and while PostgreSQL is away only the newest state of each candle waits.
 */
export class CandleKeeper {
  readonly book = new CandleBook((candle) => this.queue.put(candle));
  private readonly log = new Logger(CandleKeeper.name);
  private readonly queue = new CandleQueue();
  private timer: NodeJS.Timeout | undefined;
  private flushing: Promise<void> = Promise.resolve();
  private isFlushing = false;
  /** Number of the term candles are built under; `null` between terms. */
  private fence: number | null = null;
  private startedAt = 0;
  private knowsPast = false;
  private written = 0;
  private batches = 0;
  private refused = 0;
  private misplaced = 0;
  private storing: boolean | null = null;

  /**
   * @param repository `null` without PostgreSQL: candles then live in the window alone
   * @param continues whether the feed goes on where an earlier term left off; a recording begins again instead
   */
  constructor(
    private readonly repository: CandleRepository | null,
    private readonly continues: boolean,
    private readonly now: () => number = Date.now,
  ) {}

  /** Trades come from now on. @param fence number of the lease, told to PostgreSQL with every batch */
  begin(fence: number): void {
    this.book.clear();
    this.queue.clear();
    this.fence = fence;
    this.startedAt = this.now();
    this.knowsPast = !this.continues;
    this.timer = setInterval(() => this.tick(), FLUSH_MS);
    void this.flush();
  }

  /** No more trades come: writes what it has, as far as that is possible soon. */
  async end(): Promise<void> {
    clearInterval(this.timer);
    if (this.fence === null) return;
    this.book.handOnAll();
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, LAST_FLUSH_MS)));
    await Promise.race([this.flush().then(() => this.flush()), late]);
    clearTimeout(timer);
    this.fence = null;
  }

  /** @returns whether its minute has it; one that comes too late for it only the vendor's history has */
  addTrade(trade: CandleTrade): boolean {
    return this.book.addTrade(trade);
  }

  /** The recording has ended: its last candles are as finished as they get. */
  finish(): void {
    this.book.handOnAll();
    void this.flush();
  }

  /**
   * Adds a vendor's history of finished candles where it knows more than this platform does.
   *
   * While PostgreSQL is away the window alone takes it: the vendor still has it at the next start. A candle that does
   * not begin where its interval does is counted and left out: nobody knows which minute's trades it has.
   *
   * @throws when PostgreSQL refuses it
   */
  async addHistory(symbol: string, interval: CandleInterval, given: readonly StoredCandle[]): Promise<void> {
    const history = given.filter(({ openTime }) => openTime % CANDLE_INTERVAL_MS[interval] === 0);
    this.leaveOut(given.length - history.length, symbol, interval);
    // Before it is known what earlier terms stored, longer candles cannot be told what they lack.
    const knowsLonger = this.repository === null || this.knowsPast;
    if (interval === '1m' && knowsLonger) this.book.addMinutes(symbol, history);
    else this.book.addHistory(symbol, interval, history);
    if (this.repository === null || this.fence === null || history.length === 0) return;
    const named = history.map((candle) => ({ symbol, interval, ...candle }));
    try {
      await this.repository.fill(named, this.fence);
    } catch (error) {
      if (!isDatabaseUnavailable(error)) throw error;
      this.note(false, rootMessage(error));
    }
  }

  private leaveOut(count: number, symbol: string, interval: CandleInterval): void {
    if (count === 0) return;
    // The first is told, the rest are counted: a vendor that does it once does it with every candle.
    if (this.misplaced === 0)
      this.log.warn(`${symbol}: candles of ${interval} that do not begin on it are left out`);
    this.misplaced += count;
  }

  figures(): CandleFigures {
    const { amended, dropped } = this.book.lateTrades;
    return {
      written: this.written,
      batches: this.batches,
      waiting: this.queue.size,
      givenUp: this.queue.givenUp,
      refused: this.refused,
      misplaced: this.misplaced,
      lateAmended: amended,
      lateDropped: dropped,
      windowBytes: this.book.bytes,
      storing: this.storing,
    };
  }

  private tick(): void {
    // A recording's clock is in the recording.
    this.book.handOnFinished(this.continues ? this.now() : (this.book.exchangeTime ?? 0));
    void this.flush();
  }

  /** One at a time: whoever asks meanwhile waits for the one under way. */
  private flush(): Promise<void> {
    if (this.isFlushing || this.repository === null) return this.flushing;
    this.isFlushing = true;
    this.flushing = this.writeAll(this.repository).finally(() => (this.isFlushing = false));
    return this.flushing;
  }

  private async writeAll(repository: CandleRepository): Promise<void> {
    const { fence } = this;
    while (fence !== null && this.fence === fence) {
      let batch: NamedCandle[] = [];
      try {
        if (!this.knowsPast) await this.learnPast(repository);
        batch = this.queue.take(BATCH);
        if (batch.length === 0) return;
        await this.write(repository, batch, fence);
        this.note(true);
      } catch (error) {
        this.queue.giveBack(batch);
        this.note(false, rootMessage(error));
        return;
      }
    }
  }

  /** A candle that PostgreSQL refuses for what it is must not hold up the others: it is looked for and left out. */
  private async write(
    repository: CandleRepository,
    batch: readonly NamedCandle[],
    fence: number,
  ): Promise<void> {
    try {
      this.written += await repository.write(batch, fence);
      this.batches += 1;
    } catch (error) {
      if (isDatabaseUnavailable(error)) throw error;
      if (batch.length === 1) {
        this.refused += 1;
        this.log.error(`PostgreSQL refuses a candle: ${rootMessage(error)}`);
        return;
      }
      const middle = batch.length >> 1;
      await this.write(repository, batch.slice(0, middle), fence);
      await this.write(repository, batch.slice(middle), fence);
    }
  }

  /** Candles under way when the last term ended go on; before that is known none of them may be written. */
  private async learnPast(repository: CandleRepository): Promise<void> {
    this.book.addKnown(await repository.unfinishedAt(this.startedAt), this.startedAt);
    this.knowsPast = true;
  }

  private note(storing: boolean, reason = ''): void {
    if (this.storing === storing) return;
    if (storing && this.storing === false) this.log.log('candles are stored again');
    if (!storing) this.log.warn(`candles wait, PostgreSQL does not take them: ${reason}`);
    this.storing = storing;
  }
}
