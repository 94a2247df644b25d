import { randomBytes } from 'node:crypto';
import type { SessionRepository, SessionRow } from '../sessions/session.repository';

const HOUR_MS = 3_600_000;

/** A session repository, and people who may have sessions in it. */
export interface SessionRepositoryUnderTest {
  readonly repository: SessionRepository;
  /** @returns a person the repository knows, unlike any before */
  newUser(): Promise<{ id: string; name: string }>;
}

/** What every `SessionRepository` keeps; call it inside a spec file. */
export function describeSessionRepository(
  name: string,
  open: () => Promise<SessionRepositoryUnderTest>,
  close: () => Promise<void>,
): void {
  describe(`${name} as the durable home of sessions`, () => {
    let under: SessionRepositoryUnderTest;
    let sessions: SessionRepository;
    let user: { id: string; name: string };

    beforeAll(async () => {
      under = await open();
      sessions = under.repository;
    });

    beforeEach(async () => {
      user = await under.newUser();
    });

    afterAll(close);

    const row = (over: Partial<SessionRow> = {}): SessionRow => {
      const now = Date.now();
      return {
        idHash: randomBytes(32).toString('hex'),
        userId: user.id,
        userName: user.name,
        createdAt: now,
        lastSeenAt: now,
        expiresAt: now + HOUR_MS,
        revokedAt: null,
        userAgent: 'Mozilla/5.0 (“X11”)',
        ...over,
      };
    };
    const inserted = async (over: Partial<SessionRow> = {}): Promise<SessionRow> => {
      const made = row(over);
      await sessions.insert(made);
      return made;
    };

    it('gives back a session as it was inserted', async () => {
      const full = await inserted();
      const bare = await inserted({ userAgent: null });
      expect(await sessions.find(full.idHash)).toMatchObject(full);
      expect(await sessions.find(bare.idHash)).toMatchObject(bare);
    });

    it('knows no other session', async () => {
      const { idHash } = await inserted();
      for (const other of ['', '%', idHash.slice(1), idHash.toUpperCase(), `${idHash} `]) {
        if (other !== idHash) expect(await sessions.find(other)).toBeUndefined();
      }
    });

    it('lets no session take the place of another', async () => {
      const first = await inserted();
      await expect(sessions.insert({ ...first, userAgent: 'another' })).rejects.toThrow();
      expect(await sessions.find(first.idHash)).toMatchObject(first);
    });

    it('notes use, and nothing else', async () => {
      const used = await inserted();
      const untouched = await inserted();
      const at = used.lastSeenAt + 61_234;
      await sessions.touch(used.idHash, at);
      await sessions.touch('unknown', at);
      expect(await sessions.find(used.idHash)).toMatchObject({ ...used, lastSeenAt: at });
      expect(await sessions.find(untouched.idHash)).toMatchObject(untouched);
    });

    it('revokes a live session once, and remembers when', async () => {
      const live = await inserted();
      const at = live.createdAt + 7;
      expect(await sessions.revoke(live.idHash, at)).toBe(true);
      expect(await sessions.revoke(live.idHash, at + 1)).toBe(false);
      expect(await sessions.find(live.idHash)).toMatchObject({ ...live, revokedAt: at });
    });

    it('does not bring a revoked session back by its use', async () => {
      const live = await inserted();
      const at = live.createdAt + 7;
      await sessions.revoke(live.idHash, at);
      await sessions.touch(live.idHash, at + 1);
      expect(await sessions.find(live.idHash)).toMatchObject({ revokedAt: at });
      expect(await sessions.list(user.id, at)).toEqual([]);
    });

    it('says that a session past its end, or one that never was, is no live one to revoke', async () => {
      const past = await inserted();
      expect(await sessions.revoke(past.idHash, past.expiresAt)).toBe(false);
      expect(await sessions.revoke('unknown', Date.now())).toBe(false);
    });

    it('tells exactly one of many who revoke at once that he did', async () => {
      const { idHash } = await inserted();
      const told = await Promise.all(
        Array.from({ length: 10 }, (_, at) => sessions.revoke(idHash, Date.now() + at)),
      );
      expect(told.filter(Boolean)).toHaveLength(1);
    });

    it('lists the user’s own live sessions, newest first', async () => {
      const now = Date.now();
      const middle = await inserted({ createdAt: now - 2_000 });
      const oldest = await inserted({ createdAt: now - 3_000 });
      const newest = await inserted({ createdAt: now - 1_000 });
      const revoked = await inserted();
      await sessions.revoke(revoked.idHash, now);
      await inserted({ expiresAt: now });
      await inserted({ expiresAt: now - 1 });
      const stranger = await under.newUser();
      await inserted({ userId: stranger.id, userName: stranger.name });
      expect(await sessions.list(user.id, now)).toMatchObject([newest, middle, oldest]);
      expect(await sessions.list(stranger.id, now)).toHaveLength(1);
    });
  });
}
