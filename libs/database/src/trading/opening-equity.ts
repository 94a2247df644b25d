import { type SQL, sql } from 'drizzle-orm';
import { accounts, cashEntries, equitySamples, fills, portfolioDays } from './trading.schema';

/**
 * Equity that a trading day began with, as an SQL expression of type `numeric`; null for an unknown account.
 *
 * The day before when it has been closed; else the last equity measured before the day began, which of an account that
 * holds nothing is exact however old it is, but for entries of cash after it; else what the capital, the fills and the
 * entries before that day make.
 *
 * @param accountId expression of type `text`
 * @param dayStart start of the day, expression of type `timestamptz`
 */
export function openingEquity(accountId: SQL, dayStart: SQL): SQL<string | null> {
  return sql<string | null>`(
    select coalesce(
      (select closing_equity from ${portfolioDays} where account_id = a.id and ends_at = ${dayStart}),
      (select equity + (select coalesce(sum(amount), 0) from ${cashEntries} e
          where e.account_id = a.id and e.recorded_at > s.at and e.recorded_at < ${dayStart})
        from ${equitySamples} s
        where s.account_id = a.id and s.strategy = '' and s.at < ${dayStart} order by s.at desc limit 1),
      a.capital + (select coalesce(sum(realized) - sum(fee), 0) from ${fills}
        where account_id = a.id and filled_at < ${dayStart})
        + (select coalesce(sum(amount), 0) from ${cashEntries}
          where account_id = a.id and recorded_at < ${dayStart}))
    from ${accounts} a where a.id = ${accountId})`;
}
