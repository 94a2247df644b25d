import {
  barCloseTime,
  DEFAULT_EXITS,
  type ExitSettings,
  plainNumbers,
  toIso,
  type Bar,
  type FeedName,
  type Signal,
} from '@tickbridge/contracts';
import { entryLevels } from '../exits/exit-levels';
import { type ExitDraft, guardPosition, type GuardedPosition } from '../exits/position-guard';
import { deterministicId } from '../ids/deterministic-id';
import { signalId } from '../ids/trading-ids';
import { isAuction } from '../sessions/auction';
import type { SessionCalendar } from '../sessions/session-calendar';
import type { SignalDraft, Strategy } from '../strategies/strategy';

/** A signal older than this no longer describes the market. */
export const SIGNAL_LIFETIME_MS = 30_000;

export interface EngineContext {
  source: FeedName;
  calendar: SessionCalendar;
  /** Time of the trading clock (ms since 1970): the bar's close in a replay or backtest. */
  now: number;
}

/** Exits that a bar causes for the open positions of its symbol, at most one per strategy, and account where it leaves alone. */
export function exitSignals(
  bar: Bar,
  positions: readonly GuardedPosition[],
  context: EngineContext,
): Signal[] {
  return exitsOfBar(bar, positions, context).map(({ signal }) => signal);
}

/** An exit with what caused it. */
export interface CausedExit {
  signal: Signal;
  exit: ExitDraft;
}

/** As `exitSignals`, each with its cause. */
export function exitsOfBar(
  bar: Bar,
  positions: readonly GuardedPosition[],
  context: EngineContext,
): CausedExit[] {
  const exits = new Map<string, CausedExit>();
  if (isAuction(context.calendar, bar)) return [];
  for (const position of positions) {
    if (position.symbol !== bar.symbol || position.quantity === 0) continue;
    const exit = guardPosition(position, bar);
    const { strategy, accountId } = position;
    const key = JSON.stringify([strategy, accountId]);
    if (!exit || exits.has(key)) continue;
    const stamped = stamp(bar, strategy, 'EXIT', context);
    const signal: Signal = {
      ...stamped,
      ...(accountId !== undefined && { id: deterministicId(stamped.id, accountId), accountId }),
      strength: 1,
      confidence: 1,
      price: bar.close,
      stopLoss: null,
      target: null,
      reason: plainNumbers(exit.reason),
      components: exit.components,
    };
    exits.set(key, { signal, exit });
  }
  return [...exits.values()];
}

/** What the platform makes of a strategy's own stop and target. */
export interface EntryTerms {
  exits: Pick<ExitSettings, 'stopLoss' | 'target'>;
  /** Average true range of the symbol; `null` while it is not known. */
  range: number | null;
}

const OWN_TERMS: EntryTerms = { exits: DEFAULT_EXITS, range: null };

/**
 * The signal of one strategy for one bar, or `undefined`. The strategy takes in the bar either way, unless it is of an
 * auction: its prices are not those of continuous trading.
 */
export function entrySignal(
  bar: Bar,
  strategy: Strategy,
  context: EngineContext,
  terms: EntryTerms = OWN_TERMS,
): Signal | undefined {
  if (isAuction(context.calendar, bar)) return undefined;
  const draft = strategy.onBar(bar);
  return draft && toSignal(bar, strategy.id, draft, context, terms);
}

function toSignal(
  bar: Bar,
  strategy: string,
  draft: SignalDraft,
  context: EngineContext,
  { exits, range }: EntryTerms,
): Signal {
  const { strength, confidence, price, reason, components } = draft;
  const direction = draft.action === 'BUY' ? 1 : -1;
  const { stopLoss, target } = entryLevels(draft, exits, { price, direction, range });
  const aim = target ?? draft.target;
  return {
    ...stamp(bar, strategy, draft.action, context),
    strength,
    confidence,
    price,
    stopLoss,
    target,
    reason: plainNumbers(reason),
    components: aim === null ? components : { ...components, expectedMove: Math.abs(aim - price) },
  };
}

function stamp(bar: Bar, strategy: string, action: Signal['action'], { source, now }: EngineContext) {
  const barTimeMs = barCloseTime(bar);
  return {
    id: signalId(source, strategy, bar.symbol, barTimeMs, action),
    source,
    symbol: bar.symbol,
    strategy,
    action,
    barTime: toIso(barTimeMs),
    createdAt: toIso(now),
    expiresAt: toIso(now + SIGNAL_LIFETIME_MS),
  };
}
