import { TRANSFER_KINDS } from '@tickbridge/contracts';
import { type SQL, sql } from 'drizzle-orm';
import { cashEntries } from './trading.schema';

const kinds = sql.raw(`(${TRANSFER_KINDS.map((kind) => `'${kind}'`).join(', ')})`);

/**
 * Money paid into an account less what was paid out, as an SQL expression of type `numeric`: neither profit nor loss.
 *
 * @param accountId expression of type `text`
 * @param recorded only what was recorded `from` then (inclusive) `to` then (exclusive), expressions of type `timestamptz`
 */
export function paidIn(accountId: SQL, { from, to }: { from?: SQL; to?: SQL } = {}): SQL<string> {
  const since = from === undefined ? sql`` : sql` and recorded_at >= ${from}`;
  const until = to === undefined ? sql`` : sql` and recorded_at < ${to}`;
  return sql<string>`(select coalesce(sum(amount), 0) from ${cashEntries}
    where account_id = ${accountId} and kind in ${kinds}${since}${until})`;
}
