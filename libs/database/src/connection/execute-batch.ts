import { type SQLWrapper, sql } from 'drizzle-orm';
import type { Queryable } from './database';

/**
 * Runs statements that do not read what the others write, in one round trip: all of them or none.
 *
 * @param last its returned rows are the result
 */
export async function executeBatch<Row>(
  database: Pick<Queryable, 'execute'>,
  others: readonly SQLWrapper[],
  last: SQLWrapper,
): Promise<Row[]> {
  const parts = others.map((statement, index) => sql`${sql.identifier(`part_${index}`)} as ${statement}`);
  const query = parts.length === 0 ? last.getSQL() : sql`with ${sql.join(parts, sql`, `)} ${last.getSQL()}`;
  const { rows } = await database.execute(query);
  return rows as Row[];
}
