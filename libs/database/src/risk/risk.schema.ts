import type { RiskLimits } from '@tickbridge/contracts';
import { bigserial, jsonb, pgSchema, primaryKey, text, timestamp } from 'drizzle-orm/pg-core';

/** Limits that people set. Written by the risk-manager, read by the orchestrator for sizing. */
export const riskSchema = pgSchema('risk');

const changedAt = () => timestamp('changed_at', { withTimezone: true, precision: 3, mode: 'date' }).notNull();
type ScopeKind = 'global' | 'account' | 'strategy' | 'symbol';

export const riskLimits = riskSchema.table(
  'limits',
  {
    scopeKind: text('scope_kind').$type<ScopeKind>().notNull(),
    /** Account, strategy or symbol; empty for the global scope. */
    scopeKey: text('scope_key').notNull(),
    limits: jsonb('limits').$type<Partial<RiskLimits>>().notNull(),
    changedBy: text('changed_by').notNull(),
    reason: text('reason').notNull(),
    changedAt: changedAt(),
  },
  (table) => [primaryKey({ columns: [table.scopeKind, table.scopeKey] })],
);

/** Audit trail of the limits; never deleted. */
export const riskLimitChanges = riskSchema.table('limit_changes', {
  position: bigserial('position', { mode: 'number' }).primaryKey(),
  scopeKind: text('scope_kind').$type<ScopeKind>().notNull(),
  scopeKey: text('scope_key').notNull(),
  before: jsonb('before').$type<Partial<RiskLimits>>(),
  after: jsonb('after').$type<Partial<RiskLimits>>().notNull(),
  changedBy: text('changed_by').notNull(),
  reason: text('reason').notNull(),
  changedAt: changedAt(),
});
