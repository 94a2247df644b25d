import type { RiskLimits, RiskScope } from '@tickbridge/contracts';

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

/**
 * Limits in force for a target: the defaults, replaced where the global scope says so, tightened by every scope
 * that applies. All limits are upper bounds, so the tightest is the smallest.
 */
export function effectiveLimits(
  defaults: RiskLimits,
  scoped: readonly ScopedLimits[],
  target: LimitTarget = {},
): RiskLimits {
  const limits = { ...defaults };
  for (const { scope, limits: set } of scoped) if (scope.kind === 'global') Object.assign(limits, set);
  for (const { scope, limits: set } of scoped) {
    if (scope.kind === 'global' || !applies(scope, target)) continue;
    for (const [name, value] of Object.entries(set) as [keyof RiskLimits, number][]) {
      limits[name] = Math.min(limits[name], value);
    }
  }
  return limits;
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
