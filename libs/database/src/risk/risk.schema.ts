import type { BacktestRequest, BacktestResult, BacktestStatus, RiskLimits } from '@tickbridge/contracts';
import {
  bigserial,
  doublePrecision,
  index,
  integer,
  jsonb,
  numeric,
  pgSchema,
  primaryKey,
  text,
  timestamp,
  uuid,
} from 'drizzle-orm/pg-core';

/** Limits that people set, equity peaks, backtests. Written by the risk-manager; the orchestrator reads the limits. */
export const riskSchema = pgSchema('risk');

const time = (name: string) => timestamp(name, { withTimezone: true, precision: 3, mode: 'date' });
const changedAt = () => time('changed_at').notNull();
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

/** Highest equity seen of each account, money paid in and out left out; rises by itself, falls only when a person resets it. */
export const equityPeaks = riskSchema.table('equity_peaks', {
  accountId: text('account_id').primaryKey(),
  peak: numeric('peak').notNull(),
  reachedAt: time('reached_at').notNull(),
});

/** Who let a peak fall, from what to what; never deleted. */
export const equityPeakResets = riskSchema.table('equity_peak_resets', {
  position: bigserial('position', { mode: 'number' }).primaryKey(),
  accountId: text('account_id').notNull(),
  before: numeric('before'),
  after: numeric('after').notNull(),
  changedBy: text('changed_by').notNull(),
  reason: text('reason').notNull(),
  changedAt: changedAt(),
});

export const backtests = riskSchema.table(
  'backtests',
  {
    id: uuid('id').primaryKey(),
    position: bigserial('position', { mode: 'number' }).notNull(),
    status: text('status').$type<BacktestStatus>().notNull(),
    request: jsonb('request').$type<BacktestRequest>().notNull(),
    /** Share of the bars that were shown, 0 to 100. */
    progressPercent: doublePrecision('progress_percent').notNull().default(0),
    result: jsonb('result').$type<BacktestResult>(),
    errorCode: text('error_code'),
    errorMessage: text('error_message'),
    /** How often a run was begun; a run whose process died is begun again. */
    attempts: integer('attempts').notNull().default(0),
    /** Process that runs it, and when it last said so. */
    runner: text('runner'),
    aliveAt: time('alive_at'),
    createdAt: time('created_at').notNull(),
    startedAt: time('started_at'),
    finishedAt: time('finished_at'),
  },
  (table) => [
    index('backtests_position').on(table.position.desc()),
    index('backtests_status').on(table.status),
  ],
);
