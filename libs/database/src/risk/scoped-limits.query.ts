import type { RiskLimits, RiskScope } from '@tickbridge/contracts';
import { and, desc, eq, or } from 'drizzle-orm';
import type { Queryable } from '../connection/database';
import { riskLimits } from './risk.schema';

/** Limits of one scope with who set them and why. */
export interface StoredLimits {
  scope: RiskScope;
  limits: Partial<RiskLimits>;
  changedBy: string;
  reason: string;
  changedAt: Date;
}

/** What the scopes must apply to. */
export interface LimitsTarget {
  accountId: string;
  strategy: string;
  symbol: string;
}

/**
 * Limits that people set, newest first.
 *
 * @param target only scopes that apply to it; without one every scope
 */
export async function selectScopedLimits(
  database: Queryable,
  target?: LimitsTarget,
): Promise<StoredLimits[]> {
  const rows = await database
    .select()
    .from(riskLimits)
    .where(target && appliesTo(target))
    .orderBy(desc(riskLimits.changedAt));
  return rows.map(({ scopeKind, scopeKey, limits, changedBy, reason, changedAt }) => ({
    scope: scopeKind === 'global' ? { kind: scopeKind } : { kind: scopeKind, key: scopeKey },
    limits,
    changedBy,
    reason,
    changedAt,
  }));
}

function appliesTo({ accountId, strategy, symbol }: LimitsTarget) {
  const is = (kind: RiskScope['kind'], key: string) =>
    and(eq(riskLimits.scopeKind, kind), eq(riskLimits.scopeKey, key));
  return or(is('global', ''), is('account', accountId), is('strategy', strategy), is('symbol', symbol));
}
