import { Logger } from '@nestjs/common';
import { createTestDatabase, Database, type TestDatabase } from '@tickbridge/database';
import { describeTokenRepository } from '@tickbridge/shared-cache/testing';
import { PostgresTokenRepository } from './postgres-token.repository';

let test: TestDatabase;
let database: Database;

describeTokenRepository(
  'PostgreSQL',
  async () => {
    Logger.overrideLogger(false);
    test = await createTestDatabase(process.env['TEST_DATABASE_URL']);
    database = new Database({ value: { url: test.url, applicationName: 'test' } });
    database.onModuleInit();
    await database.whenReady();
    return new PostgresTokenRepository(database);
  },
  async () => {
    await database.onApplicationShutdown();
    await test.drop();
  },
);
