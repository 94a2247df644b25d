import { Injectable } from '@nestjs/common';
import {
  type RiskLimitsAnswer,
  type RiskLimitsChange,
  type RiskLimitsHistory,
  type RiskScope,
  toIso,
} from '@tickbridge/contracts';
import { accounts, Database, riskLimitChanges, riskLimits, selectScopedLimits } from '@tickbridge/database';
import { CacheService, riskResults } from '@tickbridge/shared-cache';
import {
  type Currency,
  currencyOf,
  DEFAULT_LIMITS,
  limitsInForce,
  type LimitTarget,
} from '@tickbridge/trading-core';
import { ProblemException } from '@tickbridge/service-bootstrap';
import { and, desc, eq, lt } from 'drizzle-orm';
import { RiskFeed } from './risk-feed';

/** Limits in force, and changing them: an audited act of a person. */
@Injectable()
export class LimitsService {
  constructor(
    private readonly database: Database,
    private readonly feed: RiskFeed,
    private readonly cache: CacheService,
  ) {}

  /** Limits in force for a target; without an account those of the feed's currency. */
  async show(target: LimitTarget): Promise<RiskLimitsAnswer> {
    const currency = await this.currencyOf(target.accountId);
    const defaults = DEFAULT_LIMITS[currency];
    const stored = await selectScopedLimits(this.database.orm);
    return {
      ...limitsInForce(defaults, stored, target),
      defaults,
      currency,
      overrides: stored.map((row) => ({ ...row, changedAt: toIso(row.changedAt.getTime()) })),
    };
  }

  /**
   * Sets limits of one scope; what is not named keeps its value.
   *
   * @throws ProblemException 404 for an account that is not there: a slip of the pen must not leave the real one unbound
   */
  async change({ scope, limits, by, reason }: RiskLimitsChange): Promise<RiskLimitsAnswer> {
    const key = scopeKey(scope);
    if (scope.kind === 'account') await this.mustExist(scope.key);
    await this.database.orm.transaction(async (transaction) => {
      const [before] = await transaction
        .select()
        .from(riskLimits)
        .where(and(eq(riskLimits.scopeKind, scope.kind), eq(riskLimits.scopeKey, key)))
        .for('update');
      const after = { ...before?.limits, ...limits };
      const row = { limits: after, changedBy: by, reason, changedAt: new Date() };
      await transaction
        .insert(riskLimits)
        .values({ scopeKind: scope.kind, scopeKey: key, ...row })
        .onConflictDoUpdate({ target: [riskLimits.scopeKind, riskLimits.scopeKey], set: row });
      await transaction.insert(riskLimitChanges).values({
        scopeKind: scope.kind,
        scopeKey: key,
        before: before?.limits ?? null,
        after,
        changedBy: by,
        reason,
        changedAt: row.changedAt,
      });
    });
    // Sizes were capped by what was in force before.
    await this.cache.clear(riskResults.positionSizes);
    return this.show(targetOf(scope));
  }

  /** The audit trail, newest first. */
  async history({
    limit,
    before,
  }: {
    limit: number;
    before?: number | undefined;
  }): Promise<RiskLimitsHistory> {
    const rows = await this.database.orm
      .select()
      .from(riskLimitChanges)
      .where(before === undefined ? undefined : lt(riskLimitChanges.position, before))
      .orderBy(desc(riskLimitChanges.position))
      .limit(limit);
    return {
      changes: rows.map(({ scopeKind, scopeKey, changedAt, ...row }) => ({
        ...row,
        scope: scopeKind === 'global' ? { kind: scopeKind } : { kind: scopeKind, key: scopeKey },
        changedAt: toIso(changedAt.getTime()),
      })),
    };
  }

  private async mustExist(accountId: string): Promise<void> {
    const [account] = await this.database.orm
      .select({ id: accounts.id })
      .from(accounts)
      .where(eq(accounts.id, accountId));
    if (account) return;
    throw new ProblemException(404, 'ACCOUNT_UNKNOWN', `There is no account ${accountId}.`);
  }

  private async currencyOf(accountId: string | undefined): Promise<Currency> {
    const fallback = currencyOf(this.feed.name);
    if (accountId === undefined) return fallback;
    const [account] = await this.database.orm
      .select({ currency: accounts.currency })
      .from(accounts)
      .where(eq(accounts.id, accountId));
    return (account?.currency as Currency | undefined) ?? fallback;
  }
}

function scopeKey(scope: RiskScope): string {
  return scope.kind === 'global' ? '' : scope.key;
}

function targetOf(scope: RiskScope): LimitTarget {
  if (scope.kind === 'account') return { accountId: scope.key };
  if (scope.kind === 'strategy') return { strategy: scope.key };
  return scope.kind === 'symbol' ? { symbol: scope.key } : {};
}
