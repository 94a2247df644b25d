import type { Signal } from '@tickbridge/contracts';
import { CACHE_TTL_MS } from '../contract/shared-cache.ttl';

export interface SignalQuery {
  /** Most signals wanted (default 50). */
  readonly count?: number | undefined;
  readonly symbol?: string | undefined;
  readonly strategy?: string | undefined;
  /** Only signals created at or after this time (ms since 1970). */
  readonly since?: number | undefined;
}

export interface SignalStats {
  readonly total: number;
  readonly byStrategy: Readonly<Record<string, number>>;
  readonly bySymbol: Readonly<Record<string, number>>;
  readonly byAction: Readonly<Record<string, number>>;
  readonly oldestAt: string | null;
  readonly newestAt: string | null;
}

/** Matching signals, newest first. Signals past their life in the buffer are left out. */
export function selectSignals(signals: readonly Signal[], query: SignalQuery, now: number): Signal[] {
  const { count = 50, symbol, strategy } = query;
  const since = Math.max(query.since ?? 0, now - CACHE_TTL_MS.signals);
  const found: Signal[] = [];
  for (let index = signals.length - 1; index >= 0 && found.length < count; index -= 1) {
    const signal = signals[index] as Signal;
    if (symbol !== undefined && signal.symbol !== symbol) continue;
    if (strategy !== undefined && signal.strategy !== strategy) continue;
    if (Date.parse(signal.createdAt) < since) continue;
    found.push(signal);
  }
  return found;
}

export function summarize(signals: readonly Signal[]): SignalStats {
  const count = (key: (signal: Signal) => string) => {
    const counts: Record<string, number> = {};
    for (const signal of signals) counts[key(signal)] = (counts[key(signal)] ?? 0) + 1;
    return counts;
  };
  return {
    total: signals.length,
    byStrategy: count(({ strategy }) => strategy),
    bySymbol: count(({ symbol }) => symbol),
    byAction: count(({ action }) => action),
    oldestAt: signals[0]?.createdAt ?? null,
    newestAt: signals.at(-1)?.createdAt ?? null,
  };
}
