import { assetClassSchema, type Bar, type FeedName, feedNameSchema, type Tick } from '@tickbridge/contracts';
import { pack, unpack } from 'msgpackr';

/**
 * What the publisher tells all readers at once: the ticks that changed and the bars that closed.
 *
 * `sequence` rises by one per frame within an epoch, so a reader sees when one is missing. A new epoch begins with
 * every start of the feed process.
 */
export interface Frame {
  readonly epoch: string;
  readonly sequence: number;
  /** When the publisher sent it (ms since 1970). */
  readonly flushedAt: number;
  /** The publisher's clock less Redis' (ms); `null` while it does not know it. */
  readonly clockOffsetMs: number | null;
  readonly ticks: readonly Tick[];
  readonly bars: readonly Bar[];
}

/** Everything known at one point of the sequence; a reader that missed a frame starts over from it. */
export interface Snapshot {
  readonly epoch: string;
  readonly sequence: number;
  readonly flushedAt: number;
  readonly clockOffsetMs: number | null;
  readonly ticks: readonly Tick[];
  /** Sequence of the last closed bar. */
  readonly barSequence: number;
}

/** A frame as it is heard on its channel, which every platform on the same Redis shares. */
export interface PublishedFrame extends Frame {
  /** Id of the installation that published it. */
  readonly installation: string;
}

/** Raise it when the order of fields below changes; readers ignore frames of another version. */
const FORMAT = 4;

type TickRow = [
  ...[symbol: string, assetClass: Tick['assetClass'], lastPrice: number, lastQuantity: number | null],
  ...[volume: number | null, open: number | null, high: number | null, low: number | null],
  ...[previousClose: number | null, change: number | null, changePercent: number | null],
  ...[bid: number | null, bidQuantity: number | null, ask: number | null, askQuantity: number | null],
  ...[openInterest: number | null, eventTime: number, receivedAt: number, sequence: number, source: FeedName],
  ...[tradedAt: number | null, lagMs: number],
];
type BarRow = [
  ...[
    symbol: string,
    intervalMs: number,
    openTime: number,
    open: number,
    high: number,
    low: number,
    close: number,
  ],
  ...[volume: number, trades: number, bid: number | null, bidQuantity: number | null],
  ...[ask: number | null, askQuantity: number | null, sequence: number],
];

/** Frame as published: MessagePack with rows instead of objects, so field names are not sent with every tick. */
export function encodeFrame(frame: Frame, installation = ''): Buffer {
  return pack([
    FORMAT,
    installation,
    frame.epoch,
    frame.sequence,
    frame.flushedAt,
    frame.clockOffsetMs,
    frame.ticks.map(tickToRow),
    frame.bars.map(barToRow),
  ]);
}

/** @returns `undefined` for anything that is no frame of this version, without rows that are none; never throws */
export function decodeFrame(data: Buffer): PublishedFrame | undefined {
  let parts: unknown;
  try {
    parts = unpack(data);
  } catch {
    // The caller counts it: anybody may write to a channel.
    return undefined;
  }
  if (!Array.isArray(parts) || parts[0] !== FORMAT) return undefined;
  const [, installation, epoch, sequence, flushedAt, clockOffsetMs, ticks, bars] = parts as unknown[];
  if (!isName(installation) || !isName(epoch) || !isCount(sequence) || !isTime(flushedAt)) return undefined;
  if (!isOptional(clockOffsetMs)) return undefined;
  if (!Array.isArray(ticks) || !Array.isArray(bars)) return undefined;
  // A row that cannot be used costs itself, not the symbols beside it.
  return {
    installation,
    epoch,
    sequence,
    flushedAt,
    clockOffsetMs,
    ticks: ticks.filter(isTickRow).map(rowToTick),
    bars: bars.filter(isBarRow).map(rowToBar),
  };
}

/** Longest name of a symbol, epoch or installation (characters). */
const LONGEST_NAME = 200;
/** Last time that a date can hold (ms since 1970). */
const LAST_TIME_MS = 8_640_000_000_000_000;
const ASSET_CLASSES: ReadonlySet<unknown> = new Set(assetClassSchema.options);

const isName = (value: unknown): value is string => typeof value === 'string' && value.length <= LONGEST_NAME;
const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;
const isTime = (value: unknown): value is number =>
  typeof value === 'number' && value >= 0 && value <= LAST_TIME_MS;
const isFigure = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value);
const isPrice = (value: unknown): value is number => isFigure(value) && value > 0;
const isOptional = (value: unknown): value is number | null => value === null || isFigure(value);

/** Positions of a tick's row that may be absent: everything between the last price and the times. */
const TICK_FIGURES_END = 16;

function isTickRow(row: unknown): row is TickRow {
  if (!Array.isArray(row) || !isName(row[0]) || !ASSET_CLASSES.has(row[1]) || !isPrice(row[2])) return false;
  for (let at = 3; at < TICK_FIGURES_END; at += 1) if (!isOptional(row[at])) return false;
  if (!(row[20] === null || isTime(row[20])) || !isTime(row[21])) return false;
  return isTime(row[16]) && isTime(row[17]) && isCount(row[18]) && isFeedName(row[19]);
}

function isBarRow(row: unknown): row is BarRow {
  if (!Array.isArray(row) || !isName(row[0]) || !isCount(row[1]) || !isTime(row[2])) return false;
  for (let at = 3; at < 7; at += 1) if (!isPrice(row[at])) return false;
  if (!isFigure(row[7]) || !isCount(row[8])) return false;
  for (let at = 9; at < 13; at += 1) if (!isOptional(row[at])) return false;
  return isCount(row[13]);
}

const FEED_NAMES: ReadonlySet<unknown> = new Set(feedNameSchema.options);
const isFeedName = (value: unknown): value is FeedName => FEED_NAMES.has(value);

// One literal, no parts put together: this runs for every tick of every frame.
// prettier-ignore
function tickToRow(tick: Tick): TickRow {
  return [
    tick.symbol, tick.assetClass, tick.lastPrice, tick.lastQuantity,
    tick.volume, tick.open, tick.high, tick.low,
    tick.previousClose, tick.change, tick.changePercent,
    tick.bid, tick.bidQuantity, tick.ask, tick.askQuantity,
    tick.openInterest, tick.eventTime, tick.receivedAt, tick.sequence, tick.source,
    tick.tradedAt, tick.lagMs,
  ];
}

function rowToTick(row: TickRow): Tick {
  return {
    symbol: row[0],
    assetClass: row[1],
    lastPrice: row[2],
    lastQuantity: row[3],
    volume: row[4],
    open: row[5],
    high: row[6],
    low: row[7],
    previousClose: row[8],
    change: row[9],
    changePercent: row[10],
    bid: row[11],
    bidQuantity: row[12],
    ask: row[13],
    askQuantity: row[14],
    openInterest: row[15],
    eventTime: row[16],
    receivedAt: row[17],
    sequence: row[18],
    source: row[19],
    tradedAt: row[20],
    lagMs: row[21],
  };
}

function barToRow(bar: Bar): BarRow {
  return [
    ...([bar.symbol, bar.intervalMs, bar.openTime, bar.open, bar.high, bar.low, bar.close] as const),
    ...([bar.volume, bar.trades, bar.bid, bar.bidQuantity] as const),
    ...([bar.ask, bar.askQuantity, bar.sequence] as const),
  ];
}

function rowToBar(row: BarRow): Bar {
  return {
    symbol: row[0],
    intervalMs: row[1],
    openTime: row[2],
    open: row[3],
    high: row[4],
    low: row[5],
    close: row[6],
    volume: row[7],
    trades: row[8],
    bid: row[9],
    bidQuantity: row[10],
    ask: row[11],
    askQuantity: row[12],
    sequence: row[13],
  };
}
