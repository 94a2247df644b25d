import { randomUUID } from 'node:crypto';
import { Logger } from '@nestjs/common';
import { createTestDatabase, Database, type TestDatabase, users } from '@tickbridge/database';
import { describeSessionRepository } from '@tickbridge/shared-cache/testing';
import { PostgresSessionRepository } from './postgres-session.repository';

let test: TestDatabase;
let database: Database;

describeSessionRepository(
  'PostgreSQL',
  async () => {
    Logger.overrideLogger(false);
    test = await createTestDatabase(process.env['TEST_DATABASE_URL']);
    database = new Database({ value: { url: test.url, applicationName: 'test' } });
    database.onModuleInit();
    await database.whenReady();
    return {
      repository: new PostgresSessionRepository(database),
      newUser: async () => {
        const user = { id: randomUUID(), name: `mira-${randomUUID()}` };
        await database.orm.insert(users).values({ ...user, passwordHash: 'none' });
        return user;
      },
    };
  },
  async () => {
    await database.onApplicationShutdown();
    await test.drop();
  },
);
