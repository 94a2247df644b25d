import {
  toIso,
  type Breadth,
  type LiveSource,
  type Movers,
  type Overview,
  type Regime,
  type Tick,
  type Ticker,
  type Tickers,
} from '@tickbridge/contracts';
import { currencyOf } from '../instruments/feed-currency';

/** Market as a view is computed from: newest ticks, where they came from, and when. */
export interface MarketState {
  ticks: ReadonlyMap<string, Tick>;
  source: LiveSource;
  /** When the newest tick was received (ms since 1970); `null` before the first. */
  asOf: number | null;
  simulated: boolean;
  now: number;
}

/** A price no older than this is fresh: the same limit the risk check uses (ms). */
export const FRESH_FOR_MS = 5_000;

/** Changes smaller than this count as unchanged (percent): half a tick of a thousand-rupee share. */
const UNCHANGED_PERCENT = 0.0025;

/** Fewer symbols with a change than this tell nothing about the market. */
const REGIME_MIN_SYMBOLS = 10;
/** A market whose median moved this much, with most symbols on its side, trends (percent; share). */
const TREND_PERCENT = 0.25;
const TREND_SHARE = 0.6;
/** A market in which hardly anything moved is quiet (percent). */
const QUIET_PERCENT = 0.25;

/** All symbols, in the order they became known. */
export function tickersView(state: MarketState): Tickers {
  return {
    ...provenance(state),
    tickers: [...state.ticks.values()].map((tick) => tickerOf(tick, state.now)),
  };
}

/** The symbols that moved most, indices left out. */
export function moversView(state: MarketState, limit: number): Movers {
  const moved = traded(state).flatMap((tick) => (tick.changePercent === null ? [] : [tick]));
  const by = (direction: 1 | -1) =>
    moved
      .filter((tick) => direction * changeOf(tick) > 0)
      .sort((a, b) => direction * (changeOf(b) - changeOf(a)))
      .slice(0, limit)
      .map((tick) => tickerOf(tick, state.now));
  return { ...provenance(state), gainers: by(1), losers: by(-1) };
}

/** How many symbols rise and fall, indices left out. */
export function breadthView(state: MarketState): Breadth {
  const counts = { advances: 0, declines: 0, unchanged: 0, unknown: 0 };
  for (const { changePercent } of traded(state)) {
    if (changePercent === null) counts.unknown += 1;
    else if (Math.abs(changePercent) < UNCHANGED_PERCENT) counts.unchanged += 1;
    else if (changePercent > 0) counts.advances += 1;
    else counts.declines += 1;
  }
  return { ...provenance(state), ...counts };
}

export function overviewView(state: MarketState): Overview {
  const { advances, declines } = breadthView(state);
  const ticks = traded(state);
  // Rupees and dollars do not add up.
  const currencies = new Set(ticks.map(({ source }) => currencyOf(source)));
  const turnovers = ticks.flatMap(({ volume, lastPrice }) => (volume === null ? [] : [volume * lastPrice]));
  return {
    ...provenance(state),
    symbolCount: state.ticks.size,
    freshSymbols: [...state.ticks.values()].filter((tick) => ageOf(tick, state.now) <= FRESH_FOR_MS).length,
    advances,
    declines,
    medianChangePercent: median(changesOf(state)),
    turnover:
      turnovers.length === 0 || currencies.size > 1
        ? null
        : Math.round(turnovers.reduce((sum, value) => sum + value, 0)),
  };
}

/** What kind of day it is, from the distribution of the changes; `null` when too few are known. */
export function regimeView(state: MarketState): Regime {
  const changes = changesOf(state);
  const medianChangePercent = median(changes);
  return {
    ...provenance(state),
    regime:
      medianChangePercent === null || changes.length < REGIME_MIN_SYMBOLS
        ? null
        : regimeOf(changes, medianChangePercent),
    medianChangePercent,
    dispersionPercent: dispersion(changes),
    symbols: changes.length,
  };
}

function regimeOf(changes: readonly number[], middle: number): NonNullable<Regime['regime']> {
  const rising = changes.filter((change) => change > 0).length / changes.length;
  const falling = changes.filter((change) => change < 0).length / changes.length;
  if (middle >= TREND_PERCENT && rising >= TREND_SHARE) return 'trending-up';
  if (middle <= -TREND_PERCENT && falling >= TREND_SHARE) return 'trending-down';
  const typicalMove = median(changes.map(Math.abs)) ?? 0;
  return typicalMove < QUIET_PERCENT ? 'quiet' : 'mixed';
}

function provenance({ source, asOf, now, simulated }: MarketState) {
  return {
    source,
    asOf: asOf === null ? null : toIso(asOf),
    ageMs: asOf === null ? null : Math.max(0, now - asOf),
    simulated,
  };
}

/** Indices move with their members; counting them again would count those twice. */
function traded({ ticks }: MarketState): Tick[] {
  return [...ticks.values()].filter(({ assetClass }) => assetClass !== 'index');
}

function changesOf(state: MarketState): number[] {
  return traded(state).flatMap(({ changePercent }) => (changePercent === null ? [] : [changePercent]));
}

function tickerOf(tick: Tick, now: number): Ticker {
  const { symbol, lastPrice, change, changePercent, volume } = tick;
  return { symbol, lastPrice, change, changePercent, volume, ageMs: ageOf(tick, now) };
}

function ageOf(tick: Tick, now: number): number {
  return Math.max(0, now - tick.receivedAt);
}

function changeOf(tick: Tick): number {
  return tick.changePercent ?? 0;
}

function median(values: readonly number[]): number | null {
  if (values.length === 0) return null;
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] as number;
  return rounded(sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] as number)) / 2);
}

/** Standard deviation across symbols; `null` with fewer than two. */
function dispersion(values: readonly number[]): number | null {
  if (values.length < 2) return null;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return rounded(Math.sqrt(squares / values.length));
}

function rounded(value: number): number {
  return Math.round(value * 10_000) / 10_000;
}
