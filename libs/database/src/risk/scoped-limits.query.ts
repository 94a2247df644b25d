import type { RiskLimits, RiskScope } from '@tickbridge/contracts';
import { desc } from 'drizzle-orm';
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

/** All limits that people set, newest first. */
export async function selectScopedLimits(database: Queryable): Promise<StoredLimits[]> {
  const rows = await database.select().from(riskLimits).orderBy(desc(riskLimits.changedAt));
  return rows.map(({ scopeKind, scopeKey, limits, changedBy, reason, changedAt }) => ({
    scope: scopeKind === 'global' ? { kind: scopeKind } : { kind: scopeKind, key: scopeKey },
    limits,
    changedBy,
    reason,
    changedAt,
  }));
}
