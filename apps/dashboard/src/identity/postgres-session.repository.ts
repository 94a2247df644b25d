import { Injectable } from '@nestjs/common';
import { Database, sessions, users } from '@tickbridge/database';
import { SessionRepository, type SessionRow } from '@tickbridge/shared-cache';
import { and, desc, eq, getTableColumns, gt, inArray, isNull } from 'drizzle-orm';

const COLUMNS = {
  ...getTableColumns(sessions),
  userName: users.name,
  role: users.role,
  disabledAt: users.disabledAt,
  secondFactorAt: users.totpConfirmedAt,
};
type Stored = typeof sessions.$inferSelect & {
  userName: string;
  role: string;
  disabledAt: Date | null;
  secondFactorAt: Date | null;
};

/** Durable home of sessions: PostgreSQL. */
@Injectable()
export class PostgresSessionRepository extends SessionRepository {
  constructor(private readonly database: Database) {
    super();
  }

  override async insert(row: SessionRow): Promise<void> {
    await this.database.orm.insert(sessions).values({
      idHash: row.idHash,
      userId: row.userId,
      createdAt: new Date(row.createdAt),
      lastSeenAt: new Date(row.lastSeenAt),
      expiresAt: new Date(row.expiresAt),
      revokedAt: row.revokedAt === null ? null : new Date(row.revokedAt),
      userAgent: row.userAgent,
      // Whoever begins a session has just proved who they are.
      confirmedAt: new Date(row.createdAt),
    });
  }

  override async find(idHash: string): Promise<SessionRow | undefined> {
    const [stored] = await this.select().where(eq(sessions.idHash, idHash)).limit(1);
    return stored && toRow(stored);
  }

  override async touch(idHash: string, lastSeenAt: number): Promise<void> {
    await this.database.orm
      .update(sessions)
      .set({ lastSeenAt: new Date(lastSeenAt) })
      .where(eq(sessions.idHash, idHash));
  }

  override async revoke(idHash: string, at: number): Promise<boolean> {
    const revoked = await this.database.orm
      .update(sessions)
      .set({ revokedAt: new Date(at) })
      .where(
        and(eq(sessions.idHash, idHash), isNull(sessions.revokedAt), gt(sessions.expiresAt, new Date(at))),
      )
      .returning({ idHash: sessions.idHash });
    return revoked.length > 0;
  }

  override async list(userId: string, now: number): Promise<readonly SessionRow[]> {
    const stored = await this.select()
      .where(
        and(eq(sessions.userId, userId), isNull(sessions.revokedAt), gt(sessions.expiresAt, new Date(now))),
      )
      .orderBy(desc(sessions.createdAt));
    return stored.map(toRow);
  }

  /** Notes a fresh proof of identity. */
  async confirm(idHash: string, at: number): Promise<void> {
    await this.database.orm
      .update(sessions)
      .set({ confirmedAt: new Date(at) })
      .where(eq(sessions.idHash, idHash));
  }

  /** Which of these sessions go on: neither ended nor expired, their users enabled. */
  async living(idHashes: readonly string[], now: number): Promise<ReadonlySet<string>> {
    const found = await this.database.orm
      .select({ idHash: sessions.idHash })
      .from(sessions)
      .innerJoin(users, eq(users.id, sessions.userId))
      .where(
        and(
          inArray(sessions.idHash, [...idHashes]),
          isNull(sessions.revokedAt),
          isNull(users.disabledAt),
          gt(sessions.expiresAt, new Date(now)),
        ),
      );
    return new Set(found.map(({ idHash }) => idHash));
  }

  private select() {
    return this.database.orm.select(COLUMNS).from(sessions).innerJoin(users, eq(users.id, sessions.userId));
  }
}

function toRow(stored: Stored): SessionRow {
  return {
    idHash: stored.idHash,
    userId: stored.userId,
    userName: stored.userName,
    createdAt: stored.createdAt.getTime(),
    lastSeenAt: stored.lastSeenAt.getTime(),
    expiresAt: stored.expiresAt.getTime(),
    // The sessions of a disabled user have ended, whoever disabled them and however.
    revokedAt: (stored.revokedAt ?? stored.disabledAt)?.getTime() ?? null,
    userAgent: stored.userAgent,
    role: stored.role,
    secondFactor: stored.secondFactorAt !== null,
    confirmedAt: stored.confirmedAt?.getTime() ?? null,
  };
}
