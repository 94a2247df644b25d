import type { Pool } from 'pg';

/** An installation whose services have said nothing for so long does not run any more (seconds). */
const GONE_AFTER_S = 15;

/** The database belongs to another platform, which runs. */
export class ForeignDatabaseError extends Error {
  override readonly name = 'ForeignDatabaseError';
  readonly code = 'FOREIGN_DATABASE';

  constructor(other: string, own: string) {
    super(
      `this database belongs to the installation ${other}, which is running; this one is ${own}. ` +
        'Give each its own database, or the same INTERNAL_API_KEY (or INSTALLATION_ID) to services of one platform',
    );
  }
}

/**
 * Says whose database this is, for as long as one of its services runs.
 *
 * @throws ForeignDatabaseError while another platform's services run on it
 */
export async function claimInstallation(pool: Pool, id: string): Promise<void> {
  const claimed = await pool.query(
    `insert into platform.installation ("only", id) values (true, $1)
     on conflict ("only") do update set id = excluded.id, seen_at = now()
       where installation.id = excluded.id or installation.seen_at < now() - $2 * interval '1 second'
     returning id`,
    [id, GONE_AFTER_S],
  );
  if (claimed.rowCount === 1) return;
  const { rows } = await pool.query<{ id: string }>('select id from platform.installation');
  throw new ForeignDatabaseError(rows[0]?.id ?? 'unknown', id);
}
