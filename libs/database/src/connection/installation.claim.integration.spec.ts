import { Logger } from '@nestjs/common';
import { Pool } from 'pg';
import { Database } from './database';
import { createTestDatabase, type TestDatabase } from '../testing/test-database';

describe('a database of one installation', () => {
  let test: TestDatabase;
  let sql: Pool;
  const opened: Database[] = [];

  const open = (installation: string, onForeign?: (error: Error) => void) => {
    const database = new Database({
      value: { url: test.url, applicationName: 'test', installation, onForeign },
    });
    opened.push(database);
    database.onModuleInit();
    return database;
  };

  beforeAll(async () => {
    Logger.overrideLogger(false);
    test = await createTestDatabase(process.env['TEST_DATABASE_URL']);
    sql = new Pool({ connectionString: test.url }).on('error', () => undefined);
  });
  afterAll(async () => {
    for (const database of opened) await database.onApplicationShutdown();
    await sql.end();
    await test.drop();
  });

  it('refuses a second one by name while the first runs, and belongs to it once the first is gone', async () => {
    await open('first').whenReady();
    await open('first').whenReady();
    const refusal = new Promise<Error>((resolve) => open('second', resolve));
    expect((await refusal).message).toContain('belongs to the installation first');

    // Else its services would say once more that they run.
    for (const database of opened.splice(0)) await database.onApplicationShutdown();
    await sql.query(`update platform.installation set id = 'earlier', seen_at = now() - interval '1 minute'`);
    await open('third').whenReady();
    const { rows } = await sql.query<{ id: string }>('select id from platform.installation');
    expect(rows).toEqual([{ id: 'third' }]);
  }, 30_000);
});
