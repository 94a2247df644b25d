import type { LimitOrigin, RiskLimits, RiskScope } from '@tickbridge/contracts';

/** Limits that a person set for one scope; what is not set there does not bind there. */
export interface ScopedLimits {
  scope: RiskScope;
  limits: Partial<RiskLimits>;
}

/** What an order belongs to. */
export interface LimitTarget {
  accountId?: string;
  strategy?: string;
  symbol?: string;
}

export type LimitName = keyof RiskLimits;

/** Limits in force with where each comes from. */
export interface LimitsInForce {
  limits: RiskLimits;
  origins: Readonly<Record<LimitName, LimitOrigin>>;
}

/** Pauses are lower bounds: the longest is the tightest. Every other limit is an upper bound. */
const LONGEST_WINS: ReadonlySet<LimitName> = new Set(['losingStreakPauseMs', 'exitPauseMs']);
const DEFAULT: LimitOrigin = { kind: 'default' };

/**
 * Limits in force for a target: the defaults, replaced where the global scope says so, tightened by every scope
 * that applies. Of two scopes with the same figure the one met first is named.
 */
export function limitsInForce(
  defaults: RiskLimits,
  scoped: readonly ScopedLimits[],
  target: LimitTarget = {},
): LimitsInForce {
  const limits = { ...defaults };
  const names = Object.keys(defaults) as LimitName[];
  const origins = Object.fromEntries(names.map((name) => [name, DEFAULT])) as Record<LimitName, LimitOrigin>;
  for (const { scope, limits: set } of scoped) {
    if (scope.kind !== 'global') continue;
    for (const [name, value] of entries(set)) put(limits, origins, name, value, scope);
  }
  for (const { scope, limits: set } of scoped) {
    if (scope.kind === 'global' || !applies(scope, target)) continue;
    for (const [name, value] of entries(set)) {
      if (isTighter(name, value, limits[name])) put(limits, origins, name, value, scope);
    }
  }
  return { limits, origins };
}

/** The limits of `limitsInForce` alone. */
export function effectiveLimits(
  defaults: RiskLimits,
  scoped: readonly ScopedLimits[],
  target: LimitTarget = {},
): RiskLimits {
  return limitsInForce(defaults, scoped, target).limits;
}

function entries(set: Partial<RiskLimits>): [LimitName, number][] {
  return Object.entries(set) as [LimitName, number][];
}

function put(
  limits: RiskLimits,
  origins: Record<LimitName, LimitOrigin>,
  name: LimitName,
  value: number,
  scope: RiskScope,
): void {
  limits[name] = value;
  origins[name] = scope;
}

function isTighter(name: LimitName, value: number, than: number): boolean {
  return LONGEST_WINS.has(name) ? value > than : value < than;
}

function applies(scope: Exclude<RiskScope, { kind: 'global' }>, target: LimitTarget): boolean {
  switch (scope.kind) {
    case 'account':
      return scope.key === target.accountId;
    case 'strategy':
      return scope.key === target.strategy;
    case 'symbol':
      return scope.key === target.symbol;
  }
}
