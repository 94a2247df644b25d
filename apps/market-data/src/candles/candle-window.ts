import { CANDLE_INTERVAL_MS, type CandleInterval, exactSum } from '@tickbridge/contracts';
import type { StoredCandle } from '../bars/candle';
import type { CandleTrade } from '../bars/candle';
import { CANDLE_POLICY } from './candle.policy';

/** Columns of a row: a candle as numbers side by side takes a third of an object's memory. */
const OPEN_TIME = 0;
const OPEN = 1;
const HIGH = 2;
const LOW = 3;
const CLOSE = 4;
const VOLUME = 5;
/** Not a number: unknown. */
const TRADES = 6;
/** Event times of the earliest and the latest trade: they decide who sets open and close. */
const FIRST_AT = 7;
const LAST_AT = 8;
const WIDTH = 9;

const FIRST_ROWS = 4;
const MINUTE_MS = CANDLE_INTERVAL_MS['1m'];

/** Stands for the time of the latest trade in a candle of the vendor's history: it has every trade in it. */
const COMPLETE = Number.NaN;

/** What a minute of the vendor's history had more than the candle here. */
export interface Difference {
  readonly volume: number;
  /** `null` when either side does not count trades. */
  readonly trades: number | null;
}

/**
 * What a trade did: began a candle, grew the newest, amended an earlier one, waits for a candle to count in, or came too
 * late.
 */
export type TradeEffect = 'began' | 'grew' | 'amended' | 'held' | 'too-late';

/**
 * The newest candles of one symbol and interval, in order of time; the last one may be unfinished.
 *
 * Trades may come in any order within `LATE_LIMIT_MS`: the candles are the same. Intervals without a trade have none.
 */
export class CandleWindow {
  private rows = new Float64Array(FIRST_ROWS * WIDTH);
  private count = 0;
  /** What was traded without making a price before the candle of this time had one. */
  private held = { openTime: Number.NEGATIVE_INFINITY, volume: 0, trades: 0 };
  private readonly intervalMs: number;
  private readonly capacity: number;

  constructor(interval: CandleInterval) {
    this.intervalMs = CANDLE_INTERVAL_MS[interval];
    this.capacity = CANDLE_POLICY[interval].window;
  }

  get size(): number {
    return this.count;
  }

  /** Memory of the rows (bytes). */
  get bytes(): number {
    return this.rows.byteLength;
  }

  openTimeOf(eventTime: number): number {
    return Math.floor(eventTime / this.intervalMs) * this.intervalMs;
  }

  /** Start of the newest candle; `undefined` when there is none. */
  get newestOpenTime(): number | undefined {
    return this.count === 0 ? undefined : this.cell(this.count - 1, OPEN_TIME);
  }

  /** @param tooOld a finished candle that ended before this time stays as it is (ms since 1970) */
  addTrade(trade: CandleTrade, tooOld: number): TradeEffect {
    const { eventTime, price, quantity, trades = 1, setsPrice = true } = trade;
    const openTime = this.openTimeOf(eventTime);
    if (!setsPrice) return this.addVolume(openTime, quantity, trades, tooOld);
    const newest = this.newestOpenTime;
    const begins = newest === undefined || openTime > newest;
    if (!begins && openTime < newest && openTime + this.intervalMs < tooOld) return 'too-late';
    const at = this.rowFor(openTime);
    if (at === undefined) return 'too-late';
    if (this.cell(at, TRADES) === 0) {
      this.fillRow(at, {
        openTime,
        open: price,
        high: price,
        low: price,
        close: price,
        volume: quantity,
        trades,
      });
      this.releaseHeld(at, openTime);
      this.rows[at * WIDTH + FIRST_AT] = eventTime;
      this.rows[at * WIDTH + LAST_AT] = eventTime;
    } else {
      this.growRow(at, eventTime, price, quantity, trades);
    }
    if (begins) return 'began';
    return openTime === newest ? 'grew' : 'amended';
  }

  /** Counts what made no price: in its candle, or once there is one. */
  private addVolume(openTime: number, volume: number, trades: number, tooOld: number): TradeEffect {
    const at = this.find(openTime);
    if (at === undefined) {
      if (openTime > this.held.openTime) this.held = { openTime, volume: 0, trades: 0 };
      if (openTime === this.held.openTime) {
        this.held.volume = exactSum(this.held.volume, volume);
        this.held.trades += trades;
      }
      return 'held';
    }
    const isNewest = openTime === this.newestOpenTime;
    if (!isNewest && openTime + this.intervalMs < tooOld) return 'too-late';
    this.countIn(at, volume, trades);
    return isNewest ? 'grew' : 'amended';
  }

  private releaseHeld(at: number, openTime: number): void {
    if (this.held.openTime !== openTime) return;
    this.countIn(at, this.held.volume, this.held.trades);
    this.held = { openTime: Number.NEGATIVE_INFINITY, volume: 0, trades: 0 };
  }

  private countIn(at: number, volume: number, trades: number): void {
    const row = at * WIDTH;
    this.rows[row + VOLUME] = exactSum(this.cell(at, VOLUME), volume);
    this.rows[row + TRADES] = this.cell(at, TRADES) + trades;
  }

  /**
   * Adds what was known of a candle before its first trade came here.
   *
   * @returns whether it had trades of this process in it already, so that it now is more than what was known
   */
  addKnown(known: StoredCandle, finished: boolean): boolean {
    const at = this.rowFor(known.openTime);
    if (at === undefined) return false;
    const row = at * WIDTH;
    if (this.cell(at, TRADES) === 0) {
      this.fillRow(at, known);
      this.rows[row + FIRST_AT] = Number.NEGATIVE_INFINITY;
      this.rows[row + LAST_AT] = finished ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY;
      return false;
    }
    // A history came first: the same trades, counted by the vendor.
    if (this.cell(at, FIRST_AT) === Number.NEGATIVE_INFINITY) {
      this.addHistory(known);
      return false;
    }
    this.rows[row + OPEN] = known.open;
    this.rows[row + HIGH] = Math.max(this.cell(at, HIGH), known.high);
    this.rows[row + LOW] = Math.min(this.cell(at, LOW), known.low);
    this.rows[row + VOLUME] = exactSum(this.cell(at, VOLUME), known.volume);
    this.rows[row + TRADES] = this.cell(at, TRADES) + (known.trades ?? Number.NaN);
    this.rows[row + FIRST_AT] = Number.NEGATIVE_INFINITY;
    return true;
  }

  /**
   * Takes a finished candle of the vendor's history where none is known, or one that lacks trades.
   *
   * @returns what it had more than the candle here; `undefined` when it was not taken
   */
  addHistory(candle: StoredCandle): Difference | undefined {
    const mine = this.find(candle.openTime);
    const volume = mine === undefined ? 0 : this.cell(mine, VOLUME);
    if (mine !== undefined && volume >= candle.volume) return undefined;
    const trades = mine === undefined ? 0 : this.cell(mine, TRADES);
    const at = mine ?? this.rowFor(candle.openTime);
    if (at === undefined) return undefined;
    this.fillRow(at, candle);
    this.rows[at * WIDTH + FIRST_AT] = Number.NEGATIVE_INFINITY;
    this.rows[at * WIDTH + LAST_AT] = COMPLETE;
    const more = candle.trades === null || Number.isNaN(trades) ? null : candle.trades - trades;
    return { volume: exactSum(candle.volume, -volume), trades: more };
  }

  /** Whether the candle of this time is the vendor's: its trades are in it, whenever they arrive. */
  isComplete(eventTime: number): boolean {
    const at = this.find(this.openTimeOf(eventTime));
    return at !== undefined && Number.isNaN(this.cell(at, LAST_AT));
  }

  /**
   * Adds what the trades of a minute, which is part of this longer candle, lacked here.
   *
   * @param minute the vendor's candle of that minute
   * @param mayBegin whether all earlier minutes of the longer candle are known too, so that it may begin with this one
   * @param knownUntil a candle of an earlier term has its minutes up to this time already (ms since 1970)
   * @returns whether the candle changed
   */
  addMissing(minute: StoredCandle, difference: Difference, mayBegin: boolean, knownUntil: number): boolean {
    const openTime = this.openTimeOf(minute.openTime);
    const mine = this.find(openTime);
    if (mine === undefined && !mayBegin) return false;
    const at = mine ?? this.rowFor(openTime);
    if (at === undefined) return false;
    const row = at * WIDTH;
    const end = minute.openTime + MINUTE_MS - 1;
    if (mine === undefined) {
      this.fillRow(at, { ...minute, openTime });
      this.rows[row + FIRST_AT] = minute.openTime;
      this.rows[row + LAST_AT] = end;
      return true;
    }
    const isKnown = this.cell(at, FIRST_AT) === Number.NEGATIVE_INFINITY;
    if (Number.isNaN(this.cell(at, LAST_AT)) || (isKnown && end < knownUntil)) return false;
    this.rows[row + HIGH] = Math.max(this.cell(at, HIGH), minute.high);
    this.rows[row + LOW] = Math.min(this.cell(at, LOW), minute.low);
    this.rows[row + VOLUME] = exactSum(this.cell(at, VOLUME), difference.volume);
    this.rows[row + TRADES] = this.cell(at, TRADES) + (difference.trades ?? Number.NaN);
    if (minute.openTime <= this.cell(at, FIRST_AT)) {
      this.rows[row + OPEN] = minute.open;
      this.rows[row + FIRST_AT] = minute.openTime;
    }
    if (end > this.cell(at, LAST_AT)) {
      this.rows[row + CLOSE] = minute.close;
      this.rows[row + LAST_AT] = end;
    }
    return true;
  }

  get(openTime: number): StoredCandle | undefined {
    const at = this.find(openTime);
    return at === undefined ? undefined : this.read(at);
  }

  /** The newest `limit` candles, oldest first. */
  latest(limit: number): StoredCandle[] {
    const from = Math.max(0, this.count - limit);
    return Array.from({ length: this.count - from }, (_, index) => this.read(from + index));
  }

  private cell(at: number, column: number): number {
    return this.rows[at * WIDTH + column] as number;
  }

  private find(openTime: number): number | undefined {
    for (let at = this.count - 1; at >= 0; at--) {
      const candidate = this.cell(at, OPEN_TIME);
      if (candidate === openTime) return at;
      if (candidate < openTime) return undefined;
    }
    return undefined;
  }

  /** The row of a candle, made where it belongs if need be; `undefined` when it is older than the window reaches. */
  private rowFor(openTime: number): number | undefined {
    let after = this.count;
    while (after > 0 && this.cell(after - 1, OPEN_TIME) > openTime) after--;
    if (after > 0 && this.cell(after - 1, OPEN_TIME) === openTime) return after - 1;
    if (this.count === this.capacity) {
      if (after === 0) return undefined;
      this.rows.copyWithin(0, WIDTH, after * WIDTH);
      after -= 1;
    } else {
      this.makeRoom();
      this.rows.copyWithin((after + 1) * WIDTH, after * WIDTH, this.count * WIDTH);
      this.count += 1;
    }
    this.rows.fill(0, after * WIDTH, (after + 1) * WIDTH);
    this.rows[after * WIDTH + OPEN_TIME] = openTime;
    return after;
  }

  private makeRoom(): void {
    if ((this.count + 1) * WIDTH <= this.rows.length) return;
    const larger = new Float64Array(Math.min(this.capacity, this.count * 2) * WIDTH);
    larger.set(this.rows);
    this.rows = larger;
  }

  private fillRow(at: number, { openTime, open, high, low, close, volume, trades }: StoredCandle): void {
    this.rows.set([openTime, open, high, low, close, volume, trades ?? Number.NaN], at * WIDTH);
  }

  private growRow(at: number, eventTime: number, price: number, quantity: number, trades: number): void {
    const row = at * WIDTH;
    this.rows[row + HIGH] = Math.max(this.cell(at, HIGH), price);
    this.rows[row + LOW] = Math.min(this.cell(at, LOW), price);
    this.rows[row + VOLUME] = exactSum(this.cell(at, VOLUME), quantity);
    this.rows[row + TRADES] = this.cell(at, TRADES) + trades;
    if (eventTime < this.cell(at, FIRST_AT)) {
      this.rows[row + OPEN] = price;
      this.rows[row + FIRST_AT] = eventTime;
    }
    if (eventTime >= this.cell(at, LAST_AT)) {
      this.rows[row + CLOSE] = price;
      this.rows[row + LAST_AT] = eventTime;
    }
  }

  private read(at: number): StoredCandle {
    const trades = this.cell(at, TRADES);
    return {
      openTime: this.cell(at, OPEN_TIME),
      open: this.cell(at, OPEN),
      high: this.cell(at, HIGH),
      low: this.cell(at, LOW),
      close: this.cell(at, CLOSE),
      volume: this.cell(at, VOLUME),
      trades: Number.isNaN(trades) ? null : trades,
    };
  }
}
