import { randomBytes } from 'node:crypto';
import { Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { Database } from '@tickbridge/database';
import { DashboardConfig } from '../app.config';
import { hashPassword, verifyPassword } from './password-hash';
import { UserRepository } from './user.repository';

/** Name of the first user. */
export const ADMIN = 'admin';

/** Makes the first user once the database is ready, and keeps the password in step with ADMIN_PASSWORD. */
@Injectable()
export class AdminAccount implements OnApplicationBootstrap {
  private readonly log = new Logger(AdminAccount.name);

  constructor(
    private readonly config: DashboardConfig,
    private readonly database: Database,
    private readonly users: UserRepository,
  ) {}

  onApplicationBootstrap(): void {
    void this.database
      .whenReady()
      .then(() => this.ensure())
      // The process that started this one waits for it: it may have a password to show.
      .then((password) => process.send?.({ type: 'admin-ready', password }))
      .catch((error: unknown) => this.log.error(`the first user could not be made: ${String(error)}`));
  }

  /** @returns the generated password, the one time it is known; `undefined` when none was generated */
  async ensure(): Promise<string | undefined> {
    const { adminPassword } = this.config;
    const admin = await this.users.findByName(ADMIN);
    if (admin !== undefined) {
      if (adminPassword !== undefined && !(await verifyPassword(adminPassword, admin.passwordHash))) {
        await this.users.setPasswordHash(admin.id, await hashPassword(adminPassword));
        this.log.log('the password of admin was set to ADMIN_PASSWORD');
      }
      return undefined;
    }
    const password = adminPassword ?? randomBytes(12).toString('base64url');
    const made = await this.users.create(ADMIN, await hashPassword(password));
    if (!made || adminPassword !== undefined) return undefined;
    if (!process.send)
      process.stdout.write(`\nFirst sign-in: ${ADMIN} / ${password}   (shown this once)\n\n`);
    return password;
  }
}
