/** A session as its durable home keeps it; the id itself is known to the browser alone. */
export interface SessionRow {
  /** SHA-256 of the id, hex. */
  readonly idHash: string;
  readonly userId: string;
  readonly userName: string;
  /** Times in ms since 1970. */
  readonly createdAt: number;
  readonly lastSeenAt: number;
  /** Absolute end. */
  readonly expiresAt: number;
  readonly revokedAt: number | null;
  readonly userAgent: string | null;
  /** What the user may do at present, for homes that know it. */
  readonly role?: string | undefined;
  /** Whether the user has a second factor. */
  readonly secondFactor?: boolean | undefined;
  /** When the person last proved who they are (ms since 1970). */
  readonly confirmedAt?: number | null | undefined;
}

/** Durable home of sessions. The dashboard keeps it in PostgreSQL. */
export abstract class SessionRepository {
  abstract insert(row: SessionRow): Promise<void>;
  abstract find(idHash: string): Promise<SessionRow | undefined>;
  abstract touch(idHash: string, lastSeenAt: number): Promise<void>;
  /** @returns false when there is no such live session */
  abstract revoke(idHash: string, at: number): Promise<boolean>;
  /** The user's sessions that are neither revoked nor past their absolute end, newest first. */
  abstract list(userId: string, now: number): Promise<readonly SessionRow[]>;
}
