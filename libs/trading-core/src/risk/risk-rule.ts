import { plainNumbers } from '@tickbridge/contracts';
import type { LimitName } from './effective-limits';
import type { RiskContext } from './risk-context';

/** Why a rule says no. */
export interface Denial {
  /** Stable and machine-readable: `STALE_PRICE`. */
  code: string;
  /** One sentence for people. */
  message: string;
  /** The figures that were compared, by name. */
  figures: Record<string, number | string>;
  /** The limit that was binding, if one was. */
  limit?: LimitName;
}

/** One question before an order may go. Pure; an exception denies. */
export interface RiskRule {
  readonly name: string;

  /** @returns the denial, or `undefined` when the rule has no objection */
  check(context: RiskContext): Denial | undefined;
}

/** @param limit the limit that was binding, if one was */
export function deny(
  code: string,
  message: string,
  figures: Denial['figures'] = {},
  limit?: LimitName,
): Denial {
  const denial = { code, message: plainNumbers(message), figures };
  return limit === undefined ? denial : { ...denial, limit };
}
