import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { drizzle } from 'drizzle-orm/node-postgres';
import { migrate } from 'drizzle-orm/node-postgres/migrator';
import type { Pool } from 'pg';
import { migrationsDirectory } from './migrations-directory';

/** Any fixed number; all services of an installation wait for the same lock. */
const LOCK = 7_242_026;

/**
 * Brings every schema up to date.
 *
 * Services start at the same moment, so one PostgreSQL advisory lock lets the first one migrate and the others find
 * the work done. The lock goes with the connection if the process dies.
 *
 * @returns names of the schemas
 */
export async function runMigrations(
  pool: Pool,
  directory: string = migrationsDirectory(),
): Promise<string[]> {
  const schemas = readdirSync(directory, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
  const client = await pool.connect();
  let failure: Error | undefined;
  try {
    await client.query('set statement_timeout = 0');
    await client.query({ text: 'select pg_advisory_lock($1)', values: [LOCK] });
    for (const schema of schemas) {
      await migrate(drizzle(client), {
        migrationsFolder: join(directory, schema),
        migrationsSchema: 'migrations',
        migrationsTable: schema,
      });
    }
    return schemas;
  } catch (error) {
    failure = error instanceof Error ? error : new Error(String(error));
    throw failure;
  } finally {
    // The connection is thrown away: its settings differ from the pool's, and closing it gives the lock back.
    client.release(failure ?? true);
  }
}
