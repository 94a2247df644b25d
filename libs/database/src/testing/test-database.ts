import { randomBytes } from 'node:crypto';
import { Pool } from 'pg';

/** A database of its own for one test file. */
export interface TestDatabase {
  url: string;
  /** Ends every connection to it, as a crash of the server would. */
  cutConnections(): Promise<void>;
  drop(): Promise<void>;
}

/**
 * Makes an empty database on the server that the tests run against.
 *
 * @param serverUrl value of `TEST_DATABASE_URL`
 * @throws Error when it is missing: a test that needs PostgreSQL never passes without
 */
export async function createTestDatabase(serverUrl: string | undefined): Promise<TestDatabase> {
  if (!serverUrl)
    throw new Error('TEST_DATABASE_URL is not set: run the tests with `npm test`, which provides PostgreSQL');
  const name = `test_${randomBytes(6).toString('hex')}`;
  // The server may still say that a connection of a dropped database ends when its pool has ended already.
  const admin = new Pool({ connectionString: serverUrl, max: 1 }).on('error', () => undefined);
  await admin.query(`create database ${name}`);
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  return {
    url: url.toString(),
    async cutConnections() {
      await admin.query('select pg_terminate_backend(pid) from pg_stat_activity where datname = $1', [name]);
    },
    async drop() {
      await admin.query(`drop database if exists ${name} with (force)`);
      await admin.end();
    },
  };
}
