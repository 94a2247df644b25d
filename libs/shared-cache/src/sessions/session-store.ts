import { randomBytes } from 'node:crypto';
import { Injectable, Logger, Optional } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { RedisConnection } from '../connection/redis.connection';
import { MissingPartError } from '../contract/shared-cache.errors';
import { hashedId, keys } from '../contract/shared-cache.keys';
import { SharedCacheSettings } from '../contract/shared-cache.options';
import { SessionRepository, type SessionRow } from './session.repository';

const HOUR_MS = 3_600_000;
const IDLE_MS = 12 * HOUR_MS;
const LIFETIME_MS = 7 * 24 * HOUR_MS;
/** Use is noted at most this often (milliseconds), not with every request. */
const TOUCH_INTERVAL_MS = 60_000;

/** How soon an ended session's copy is removed again that could not be removed (milliseconds). */
const RETRY_DELAY_MS = 500;
const VERIFIED_SESSIONS = 10_000;

/** A live session, without its id. */
export interface Session {
  /** What the session is listed and revoked by; of no use to get in. */
  readonly idHash: string;
  readonly userId: string;
  readonly userName: string;
  readonly createdAt: number;
  readonly lastSeenAt: number;
  readonly expiresAt: number;
  readonly userAgent: string | null;
  /** What the user may do, as the durable home last said; absent where it keeps none. */
  readonly role?: string | undefined;
  /** Whether the user has a second factor. */
  readonly secondFactor?: boolean | undefined;
  /** When the person last proved who they are (ms since 1970). */
  readonly confirmedAt?: number | null | undefined;
}

/**
 * Web sessions: random 256-bit ids, stored as hashes only.
 *
 * The durable home decides; Redis holds a copy for other readers, which ends with the session.
 */
@Injectable()
export class SessionStore {
  private readonly logger = new Logger('SessionStore');
  private readonly repository: SessionRepository;
  /** Sessions the durable home has confirmed to this process. */
  private readonly verified = new LRUCache<string, SessionRow>({ max: VERIFIED_SESSIONS });
  /** Ended sessions whose copy Redis may still hold. */
  private readonly ended = new Set<string>();
  private readonly idleMs: number;
  private readonly lifetimeMs: number;

  constructor(
    settings: SharedCacheSettings,
    private readonly redis: RedisConnection,
    @Optional() repository?: SessionRepository,
  ) {
    if (!repository) {
      throw new MissingPartError(
        'SessionStore needs a durable home: provide SessionRepository to SharedCacheModule',
      );
    }
    this.repository = repository;
    this.idleMs = settings.value.sessionIdleMs ?? IDLE_MS;
    this.lifetimeMs = settings.value.sessionLifetimeMs ?? LIFETIME_MS;
    redis.available$.subscribe(() => void this.removeCopies());
  }

  /** Begins a session. @returns its id, shown to nobody but the browser, and the session */
  async create(
    user: { id: string; name: string },
    userAgent: string | null,
  ): Promise<{ id: string; session: Session }> {
    const id = randomBytes(32).toString('base64url');
    const now = Date.now();
    const row: SessionRow = {
      idHash: hashedId(id),
      userId: user.id,
      userName: user.name,
      createdAt: now,
      lastSeenAt: now,
      expiresAt: now + this.lifetimeMs,
      revokedAt: null,
      userAgent,
    };
    await this.repository.insert(row);
    this.verified.set(row.idHash, row);
    await this.shareCopy(row);
    return { id, session: toSession(row) };
  }

  /** The session of an id, while it is neither ended, expired, nor idle too long. Counts as use. */
  async find(id: string): Promise<Session | undefined> {
    const row = await this.lookUp(hashedId(id));
    const now = Date.now();
    if (!row || row.revokedAt !== null || row.expiresAt <= now || row.lastSeenAt + this.idleMs <= now)
      return undefined;
    if (now - row.lastSeenAt < TOUCH_INTERVAL_MS) return toSession(row);
    const used = { ...row, lastSeenAt: now };
    this.verified.set(row.idHash, used);
    await this.repository
      .touch(row.idHash, now)
      .catch((error: Error) => this.logger.debug(`use of a session not noted: ${error.message}`));
    return toSession(used);
  }

  /** Ends the session of an id. */
  async end(id: string): Promise<boolean> {
    return this.revoke(hashedId(id));
  }

  /** Ends a session by the hash it is listed under. */
  async revoke(idHash: string): Promise<boolean> {
    this.verified.delete(idHash);
    const revoked = await this.repository.revoke(idHash, Date.now());
    this.ended.add(idHash);
    await this.removeCopies();
    return revoked;
  }

  /** The user's live sessions, newest first. */
  async list(userId: string): Promise<Session[]> {
    const now = Date.now();
    const rows = await this.repository.list(userId, now);
    return rows.filter(({ lastSeenAt }) => lastSeenAt + this.idleMs > now).map(toSession);
  }

  /**
   * The durable home's row. While that is away, a session this process has verified before goes on as long as Redis
   * holds its copy: ending it elsewhere takes the copy away. When Redis cannot be asked either, nobody knows.
   *
   * @throws what the durable home throws, for a session not known here, or not known to go on
   */
  private async lookUp(idHash: string): Promise<SessionRow | undefined> {
    try {
      const row = await this.repository.find(idHash);
      if (row) this.verified.set(idHash, row);
      else this.verified.delete(idHash);
      return row;
    } catch (error) {
      const known = this.verified.get(idHash);
      if (!known) throw error;
      // Without any Redis there is no other process to end it.
      if (!this.redis.configured) return known;
      const copies = await this.redis
        .run((redis) => redis.exists(keys.session(idHash)))
        .catch(() => undefined);
      // Without a copy nobody knows whether it was ended or Redis emptied: nobody gets in, and nobody is told it ended.
      if (copies === undefined || copies === 0) throw error;
      return known;
    }
  }

  /** Once Redis takes it: a copy that stayed would let the session go on where the durable home cannot be asked. */
  private async removeCopies(): Promise<void> {
    if (this.ended.size === 0 || !this.redis.available) return;
    const idHashes = [...this.ended];
    try {
      await this.redis.run((redis) => redis.del(...idHashes.map(keys.session)));
      for (const idHash of idHashes) this.ended.delete(idHash);
    } catch (error) {
      this.logger.debug(`copies of ended sessions not removed yet: ${(error as Error).message}`);
      setTimeout(() => void this.removeCopies(), RETRY_DELAY_MS).unref();
    }
  }

  private async shareCopy(row: SessionRow): Promise<void> {
    await this.redis
      .run((redis) =>
        redis.set(keys.session(row.idHash), JSON.stringify(toSession(row)), 'PXAT', row.expiresAt),
      )
      .catch((error: Error) => this.logger.debug(`session not copied to Redis: ${error.message}`));
  }
}

function toSession(row: SessionRow): Session {
  const { revokedAt: _ended, ...session } = row;
  return session;
}
