import {
  toIso,
  type AssetClass,
  type Breadth,
  type LiveSource,
  type MarketGroup,
  type MarketPart,
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
  /** The class that was asked for; `undefined` where it is the whole market. */
  assetClass?: AssetClass | undefined;
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

/** How many symbols rise and fall, indices left out: of each group, and of the market if it is one group. */
export function breadthView(state: MarketState): Breadth {
  const groups = groupsOf(traded(state)).map(({ group, ticks }) => ({ ...group, ...countsOf(ticks) }));
  return { ...provenance(state), ...wholeOf(groups, countsOf([]), NO_COUNTS), groups };
}

export function overviewView(state: MarketState): Overview {
  const { advances, declines } = breadthView(state);
  const groups = groupsOf(traded(state));
  return {
    ...provenance(state),
    symbolCount: state.ticks.size,
    freshSymbols: [...state.ticks.values()].filter((tick) => ageOf(tick, state.now) <= FRESH_FOR_MS).length,
    advances,
    declines,
    medianChangePercent: regimeView(state).medianChangePercent,
    turnover: turnoverOf(groups),
    groups: groups.map(({ group }) => group),
  };
}

/** What kind of day it is, from the distribution of the changes: of each group, and of the market if it is one group. */
export function regimeView(state: MarketState): Regime {
  const groups = groupsOf(traded(state));
  const regimes = groups.map(({ group, ticks }) => ({ ...group, ...regimeFiguresOf(changesOf(ticks)) }));
  return {
    ...provenance(state),
    ...wholeOf(regimes, NO_REGIME, NO_REGIME),
    symbols: groups.reduce((sum, { ticks }) => sum + changesOf(ticks).length, 0),
    groups: regimes,
  };
}

/** A part of the market as a market of its own. */
export function partOf(state: MarketState, { assetClass, feed }: MarketPart): MarketState {
  const ticks = new Map(
    [...state.ticks].filter(
      ([, tick]) =>
        (assetClass === undefined || tick.assetClass === assetClass) &&
        (feed === undefined || tick.source === feed),
    ),
  );
  const newest = [...ticks.values()].reduce((at, { receivedAt }) => Math.max(at, receivedAt), 0);
  return { ...state, ticks, asOf: ticks.size === 0 ? null : newest, assetClass };
}

type Counts = Pick<Breadth, 'advances' | 'declines' | 'unchanged' | 'unknown'>;
type RegimeFigures = Pick<Regime, 'regime' | 'medianChangePercent' | 'dispersionPercent'>;

const NO_COUNTS: Counts = { advances: null, declines: null, unchanged: null, unknown: null };
const NO_REGIME: RegimeFigures = { regime: null, medianChangePercent: null, dispersionPercent: null };

/** Figures of the whole are those of its only group: over several they would mix what cannot be compared. */
function wholeOf<Figures extends object>(
  groups: readonly (MarketGroup & Figures)[],
  ofNone: Figures,
  ofSeveral: Figures,
): Figures {
  const [only] = groups;
  if (only === undefined) return ofNone;
  return groups.length > 1 ? ofSeveral : pick(only, Object.keys(ofNone) as (keyof Figures)[]);
}

function pick<T, Key extends keyof T>(from: T, keys: readonly Key[]): Pick<T, Key> {
  return Object.fromEntries(keys.map((key) => [key, from[key]])) as Pick<T, Key>;
}

/** Ticks by class and feed, the largest group first. */
function groupsOf(ticks: readonly Tick[]): { group: MarketGroup; ticks: Tick[] }[] {
  const byName = new Map<string, Tick[]>();
  for (const tick of ticks) {
    const name = `${tick.source} ${tick.assetClass}`;
    byName.set(name, [...(byName.get(name) ?? []), tick]);
  }
  return [...byName.values()]
    .map((members) => {
      const { assetClass, source: feed } = members[0] as Tick;
      return {
        group: { assetClass, feed, currency: currencyOf(feed), symbols: members.length },
        ticks: members,
      };
    })
    .sort((a, b) => b.group.symbols - a.group.symbols);
}

/** Rupees and dollars do not add up. */
function turnoverOf(groups: ReturnType<typeof groupsOf>): Overview['turnover'] {
  const byCurrency = new Map<string, number>();
  for (const { group, ticks } of groups) {
    for (const { volume, lastPrice } of ticks) {
      if (volume === null) continue;
      byCurrency.set(group.currency, (byCurrency.get(group.currency) ?? 0) + volume * lastPrice);
    }
  }
  return [...byCurrency].map(([currency, turnover]) => ({ currency, turnover: Math.round(turnover) }));
}

function countsOf(ticks: readonly Tick[]): Counts {
  const counts = { advances: 0, declines: 0, unchanged: 0, unknown: 0 };
  for (const { changePercent } of ticks) {
    if (changePercent === null) counts.unknown += 1;
    else if (Math.abs(changePercent) < UNCHANGED_PERCENT) counts.unchanged += 1;
    else if (changePercent > 0) counts.advances += 1;
    else counts.declines += 1;
  }
  return counts;
}

function regimeFiguresOf(changes: readonly number[]): RegimeFigures {
  const medianChangePercent = median(changes);
  const isTold = medianChangePercent !== null && changes.length >= REGIME_MIN_SYMBOLS;
  return {
    regime: isTold ? regimeOf(changes, medianChangePercent) : null,
    medianChangePercent,
    dispersionPercent: dispersion(changes),
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
function traded({ ticks, assetClass: wanted }: MarketState): Tick[] {
  return [...ticks.values()].filter(({ assetClass }) => assetClass !== 'index' || wanted === 'index');
}

function changesOf(ticks: readonly Tick[]): number[] {
  return ticks.flatMap(({ changePercent }) => (changePercent === null ? [] : [changePercent]));
}

function tickerOf(tick: Tick, now: number): Ticker {
  const { symbol, assetClass, source: feed, lastPrice, change, changePercent, volume } = tick;
  return { symbol, assetClass, feed, lastPrice, change, changePercent, volume, ageMs: ageOf(tick, now) };
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
