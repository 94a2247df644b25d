import { Logger } from '@nestjs/common';
import { Database } from '@tickbridge/database';
import { z } from 'zod';
import { AuditLog } from './audit/audit.log';
import { runUserCommand, UserCommandError, USAGE } from './users/user-command.run';
import { UserRepository } from './identity/user.repository';

/** How long the database may take to be reached (ms). */
const DATABASE_LIMIT_MS = 20_000;

/** `npm run user`: works on the database alone, whether services run or not. */
async function main(): Promise<number> {
  Logger.overrideLogger(['warn', 'error', 'fatal']);
  const url = z.url().parse(process.env['DATABASE_URL']);
  const database = new Database({ value: { url, applicationName: 'tickbridge-user', maxConnections: 2 } });
  database.onModuleInit();
  const limit = setTimeout(() => {
    process.stderr.write('PostgreSQL cannot be reached.\n');
    process.exit(1);
  }, DATABASE_LIMIT_MS);
  await database.whenReady();
  clearTimeout(limit);
  try {
    const parts = { database, users: new UserRepository(database), audit: new AuditLog(database) };
    process.stdout.write(`${await runUserCommand(process.argv.slice(2), parts)}\n`);
    return 0;
  } catch (error) {
    if (!(error instanceof UserCommandError)) throw error;
    process.stderr.write(`${error.message}\n\n${USAGE}\n`);
    return 2;
  } finally {
    await database.onApplicationShutdown();
  }
}

void main().then((status) => process.exit(status));
