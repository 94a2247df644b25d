import { createHash, randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { roleSchema, type Role } from '@tickbridge/contracts';
import { Database, recoveryCodes, users, type Queryable } from '@tickbridge/database';
import { and, eq, isNull, lt, or, sql } from 'drizzle-orm';

/** A person who may sign in. */
export interface User {
  id: string;
  name: string;
  passwordHash: string;
  role: Role;
  disabledAt: Date | null;
  /** Encrypted secret of the second factor; asked for once `totpConfirmedAt` is set. */
  totpSecret: string | null;
  totpConfirmedAt: Date | null;
  appliedPasswordHash: string | null;
  createdAt: Date;
}

/** People in PostgreSQL. */
@Injectable()
export class UserRepository {
  constructor(private readonly database: Database) {}

  async findByName(name: string): Promise<User | undefined> {
    const [user] = await this.database.orm.select().from(users).where(eq(users.name, name)).limit(1);
    return user && toUser(user);
  }

  async findById(id: string, on: Queryable = this.database.orm): Promise<User | undefined> {
    const [user] = await on.select().from(users).where(eq(users.id, id)).limit(1);
    return user && toUser(user);
  }

  async list(): Promise<User[]> {
    const found = await this.database.orm.select().from(users).orderBy(users.name);
    return found.map(toUser);
  }

  /** @returns undefined when somebody of that name exists already, in whatever case */
  async create(name: string, passwordHash: string, role: Role): Promise<User | undefined> {
    const [twin] = await this.database.orm
      .select({ id: users.id })
      .from(users)
      .where(sql`lower(${users.name}) = lower(${name})`)
      .limit(1);
    if (twin) return undefined;
    const [made] = await this.database.orm
      .insert(users)
      .values({ id: randomUUID(), name, passwordHash, role })
      .onConflictDoNothing({ target: users.name })
      .returning();
    return made && toUser(made);
  }

  async setPasswordHash(id: string, passwordHash: string): Promise<void> {
    await this.database.orm.update(users).set({ passwordHash }).where(eq(users.id, id));
  }

  async setAppliedPasswordHash(id: string, appliedPasswordHash: string): Promise<void> {
    await this.database.orm.update(users).set({ appliedPasswordHash }).where(eq(users.id, id));
  }

  /**
   * Changes role or whether somebody may sign in, while at least one enabled admin stays.
   *
   * @returns the user before and after; `last-admin` when nobody could undo it
   */
  async change(
    id: string,
    { role, enabled }: { role?: Role | undefined; enabled?: boolean | undefined },
  ): Promise<{ before: User; after: User } | 'unknown' | 'last-admin'> {
    // Two admins who demote each other at the same moment wait for one another here.
    const lock = (transaction: Queryable) => transaction.select().from(users).orderBy(users.id).for('update');
    return this.database.transactionWithLock(lock, async (transaction, locked) => {
      const everybody = locked.map(toUser);
      const before = everybody.find((user) => user.id === id);
      if (before === undefined) return 'unknown';
      const disabledAt =
        enabled === undefined ? before.disabledAt : enabled ? null : (before.disabledAt ?? new Date());
      const after = { ...before, role: role ?? before.role, disabledAt };
      const admins = everybody.map((user) => (user.id === id ? after : user)).filter(isEnabledAdmin);
      if (admins.length === 0) return 'last-admin';
      await transaction.update(users).set({ role: after.role, disabledAt }).where(eq(users.id, id));
      return { before, after };
    });
  }

  /** Keeps a secret that is being set up; replaces one that was never confirmed. @returns false when one is in force */
  async setSecondFactor(id: string, totpSecret: string): Promise<boolean> {
    const changed = await this.database.orm
      .update(users)
      .set({ totpSecret, totpLastStep: null })
      .where(and(eq(users.id, id), isNull(users.totpConfirmedAt)))
      .returning({ id: users.id });
    return changed.length > 0;
  }

  /** Puts the second factor in force, with its recovery codes. */
  async confirmSecondFactor(id: string, codes: readonly string[]): Promise<void> {
    await this.database.orm.transaction(async (transaction) => {
      await transaction.update(users).set({ totpConfirmedAt: new Date() }).where(eq(users.id, id));
      await transaction.delete(recoveryCodes).where(eq(recoveryCodes.userId, id));
      const rows = codes.map((code) => ({ codeHash: recoveryHash(id, code), userId: id }));
      await transaction.insert(recoveryCodes).values(rows);
    });
  }

  async removeSecondFactor(id: string): Promise<void> {
    await this.database.orm.transaction(async (transaction) => {
      const none = { totpSecret: null, totpConfirmedAt: null, totpLastStep: null };
      await transaction.update(users).set(none).where(eq(users.id, id));
      await transaction.delete(recoveryCodes).where(eq(recoveryCodes.userId, id));
    });
  }

  /** Takes a time step's code as used. @returns false when this or a later one was used before */
  async useStep(id: string, step: number): Promise<boolean> {
    const taken = await this.database.orm
      .update(users)
      .set({ totpLastStep: step })
      .where(and(eq(users.id, id), or(isNull(users.totpLastStep), lt(users.totpLastStep, step))))
      .returning({ id: users.id });
    return taken.length > 0;
  }

  /** Takes a recovery code as used. @returns false when there is none such, or it was used before */
  async useRecoveryCode(id: string, code: string): Promise<boolean> {
    const taken = await this.database.orm
      .update(recoveryCodes)
      .set({ usedAt: new Date() })
      .where(and(eq(recoveryCodes.codeHash, recoveryHash(id, code)), isNull(recoveryCodes.usedAt)))
      .returning({ userId: recoveryCodes.userId });
    return taken.length > 0;
  }
}

function isEnabledAdmin({ role, disabledAt }: User): boolean {
  return role === 'admin' && disabledAt === null;
}

function toUser(stored: typeof users.$inferSelect): User {
  const { totpLastStep: _ownBusiness, ...user } = stored;
  return { ...user, role: roleSchema.safeParse(user.role).data ?? 'viewer' };
}

/** Recovery codes are random enough that a plain hash does. */
function recoveryHash(userId: string, code: string): string {
  const plain = code.toLowerCase().replace(/[^a-z0-9]/g, '');
  return createHash('sha256').update(`${userId} ${plain}`).digest('hex');
}
