import { SessionRepository, type SessionRow } from '../../src/sessions/session.repository';

/** A durable home of sessions in memory, the same for every process of a test that is given its `Repository`. */
export function memorySessions() {
  const rows = new Map<string, SessionRow>();
  const home = { rows, away: false };
  const reach = () => {
    if (home.away) throw new Error('PostgreSQL is away');
  };

  class MemorySessionRepository extends SessionRepository {
    override async insert(row: SessionRow): Promise<void> {
      reach();
      if (rows.has(row.idHash)) throw new Error('there is such a session already');
      rows.set(row.idHash, row);
    }

    override async find(idHash: string): Promise<SessionRow | undefined> {
      reach();
      return rows.get(idHash);
    }

    override async touch(idHash: string, lastSeenAt: number): Promise<void> {
      reach();
      const row = rows.get(idHash);
      if (row) rows.set(idHash, { ...row, lastSeenAt });
    }

    override async revoke(idHash: string, at: number): Promise<boolean> {
      reach();
      const row = rows.get(idHash);
      if (!row || row.revokedAt !== null || row.expiresAt <= at) return false;
      rows.set(idHash, { ...row, revokedAt: at });
      return true;
    }

    override async list(userId: string, now: number): Promise<readonly SessionRow[]> {
      reach();
      return [...rows.values()]
        .filter((row) => row.userId === userId && row.revokedAt === null && row.expiresAt > now)
        .sort((a, b) => b.createdAt - a.createdAt);
    }
  }

  return Object.assign(home, { Repository: MemorySessionRepository });
}
