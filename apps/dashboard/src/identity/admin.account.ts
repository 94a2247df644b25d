import { randomBytes } from 'node:crypto';
import { Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { Database } from '@tickbridge/database';
import { DashboardConfig } from '../config/app.config';
import { AuditLog } from '../audit/audit.log';
import { hashPassword, verifyPassword } from './password-hash';
import { SessionEnd } from './session-end';
import { UserRepository, type User } from './user.repository';

/** Name of the first user. */
export const ADMIN = 'admin';

/** Makes the first user once the database is ready, and applies ADMIN_PASSWORD each time it has changed. */
@Injectable()
export class AdminAccount implements OnApplicationBootstrap {
  private readonly log = new Logger(AdminAccount.name);

  constructor(
    private readonly config: DashboardConfig,
    private readonly database: Database,
    private readonly users: UserRepository,
    private readonly sessions: SessionEnd,
    private readonly audit: AuditLog,
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
      if (adminPassword !== undefined) await this.apply(adminPassword, admin);
      return undefined;
    }
    const password = adminPassword ?? randomBytes(12).toString('base64url');
    const passwordHash = await hashPassword(password);
    const made = await this.users.create(ADMIN, passwordHash, 'admin');
    if (!made) return undefined;
    await this.audit.record({
      actor: 'platform',
      action: 'user.create',
      target: ADMIN,
      detail: { role: 'admin' },
    });
    if (adminPassword !== undefined) {
      await this.users.setAppliedPasswordHash(made.id, passwordHash);
      return undefined;
    }
    if (!process.send)
      process.stdout.write(`\nFirst sign-in: ${ADMIN} / ${password}   (shown this once)\n\n`);
    return password;
  }

  /** A password the admin has chosen since the setting was last applied stays until the setting itself changes. */
  private async apply(adminPassword: string, admin: User): Promise<void> {
    if (
      admin.appliedPasswordHash !== null &&
      (await verifyPassword(adminPassword, admin.appliedPasswordHash))
    )
      return;
    const passwordHash = await hashPassword(adminPassword);
    if (!(await verifyPassword(adminPassword, admin.passwordHash))) {
      await this.users.setPasswordHash(admin.id, passwordHash);
      const ended = await this.sessions.endAll(admin.id);
      this.log.log(`the password of ${ADMIN} was set to ADMIN_PASSWORD, ${ended} sessions ended`);
      await this.audit.record({
        actor: 'platform',
        action: 'password.change',
        target: ADMIN,
        detail: { reason: 'ADMIN_PASSWORD changed', sessionsEnded: ended },
      });
    }
    await this.users.setAppliedPasswordHash(admin.id, passwordHash);
  }
}
