import type { RiskDecision } from '@tickbridge/contracts';
import type { RiskContext } from './risk-context';
import { MissingDataError } from './risk.errors';
import { deny, type Denial, type RiskRule } from './risk-rule';
import { PROTECTIVE_RULES, RISK_RULES } from './rules';

/** A decision without the times that the deciding service adds. */
export type RiskVerdict = Omit<RiskDecision, 'decidedAt' | 'durationMs'>;

/**
 * May the order go? Asks every rule in turn; the first that denies decides.
 *
 * Fails closed: a rule that misses data or throws denies, with `NO_DATA` or `CHECK_FAILED`.
 */
export function decide(
  context: RiskContext,
  rules: readonly RiskRule[] = context.order.protective === true ? PROTECTIVE_RULES : RISK_RULES,
): RiskVerdict {
  for (const rule of rules) {
    const denial = ask(rule, context);
    if (denial) return toVerdict(rule, denial, context);
  }
  return {
    approved: true,
    code: 'APPROVED',
    message: 'All rules agree',
    rule: null,
    figures: {},
    limit: null,
  };
}

function toVerdict(
  { name: rule }: RiskRule,
  { limit: name, ...denial }: Denial,
  { limits, limitOrigins }: RiskContext,
): RiskVerdict {
  const limit =
    name !== undefined && limits
      ? { name, value: limits[name], origin: limitOrigins?.[name] ?? { kind: 'default' as const } }
      : null;
  return { approved: false, rule, ...denial, limit };
}

function ask(rule: RiskRule, context: RiskContext): Denial | undefined {
  try {
    return rule.check(context);
  } catch (error) {
    if (error instanceof MissingDataError) {
      return deny(error.code, `Denied because ${error.message}`, { missing: error.missing });
    }
    const reason = error instanceof Error ? error.message : String(error);
    return deny('CHECK_FAILED', `The rule ${rule.name} failed: ${reason}`, {});
  }
}
