import { bigint, index, integer, pgSchema, text, timestamp, uuid, varchar } from 'drizzle-orm/pg-core';

/** People, their sessions, keys of scripts, and the audit log. Written by the dashboard. */
export const identitySchema = pgSchema('identity');

const time = (name: string) => timestamp(name, { withTimezone: true, precision: 3, mode: 'date' });

export const users = identitySchema.table('users', {
  id: uuid('id').primaryKey(),
  name: text('name').notNull().unique(),
  passwordHash: text('password_hash').notNull(),
  createdAt: time('created_at').notNull().defaultNow(),
  /** `viewer`, `trader` or `admin`. */
  role: text('role').notNull().default('viewer'),
  /** Set while the user may not sign in. */
  disabledAt: time('disabled_at'),
  /** Secret of the second factor, encrypted; present before it is confirmed. */
  totpSecret: text('totp_secret'),
  /** Since when the second factor is asked for. */
  totpConfirmedAt: time('totp_confirmed_at'),
  /** Newest time step of a code that was accepted: each code counts once. */
  totpLastStep: bigint('totp_last_step', { mode: 'number' }),
  /** Hash of the ADMIN_PASSWORD that was applied last: a password changed since then stays. */
  appliedPasswordHash: text('applied_password_hash'),
});

/** One-time codes for whoever has lost the second factor. */
export const recoveryCodes = identitySchema.table(
  'recovery_codes',
  {
    /** SHA-256 of user and code, hex. */
    codeHash: text('code_hash').primaryKey(),
    userId: uuid('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    usedAt: time('used_at'),
  },
  (table) => [index('recovery_codes_user').on(table.userId)],
);

export const sessions = identitySchema.table(
  'sessions',
  {
    /** SHA-256 of the session id, hex; the id itself is known to the browser alone. */
    idHash: text('id_hash').primaryKey(),
    userId: uuid('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    createdAt: time('created_at').notNull(),
    lastSeenAt: time('last_seen_at').notNull(),
    expiresAt: time('expires_at').notNull(),
    revokedAt: time('revoked_at'),
    userAgent: text('user_agent'),
    /** When the person last proved who they are. */
    confirmedAt: time('confirmed_at'),
  },
  (table) => [index('sessions_user').on(table.userId, table.createdAt)],
);

/** Networks a person has signed in from: others' guessing does not slow them down there. */
export const knownNetworks = identitySchema.table(
  'known_networks',
  {
    /** SHA-256 of user and network, hex. */
    id: text('id').primaryKey(),
    userId: uuid('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    lastSeenAt: time('last_seen_at').notNull(),
  },
  (table) => [index('known_networks_user').on(table.userId)],
);

/** Keys of scripts. */
export const apiKeys = identitySchema.table('api_keys', {
  id: uuid('id').primaryKey(),
  name: text('name').notNull().unique(),
  /** `read`, `trade` or `admin`. */
  scope: text('scope').notNull(),
  /** SHA-256 of the key, hex; the key itself is known to its owner alone. */
  secretHash: text('secret_hash').notNull().unique(),
  createdAt: time('created_at').notNull(),
  createdBy: text('created_by').notNull(),
  expiresAt: time('expires_at').notNull(),
  lastUsedAt: time('last_used_at'),
  revokedAt: time('revoked_at'),
});

/** Counted attempts, as `rate-limiter-flexible` keeps them. */
export const rateLimits = identitySchema.table('rate_limits', {
  key: varchar('key', { length: 255 }).primaryKey(),
  points: integer('points').notNull().default(0),
  /** Milliseconds since 1970. */
  expire: bigint('expire', { mode: 'number' }),
});

/** What people and scripts did, in a provable order. Rows are never changed: a trigger forbids it. */
export const audit = identitySchema.table(
  'audit',
  {
    /** From 1, without gaps. */
    sequence: bigint('sequence', { mode: 'number' }).primaryKey(),
    at: time('at').notNull(),
    /** User name, `key:<name>`, `internal-key`, `command-line`, or the name somebody tried to sign in with. */
    actor: text('actor').notNull(),
    action: text('action').notNull(),
    /** What it was done to: a user, an account, a key. */
    target: text('target'),
    outcome: text('outcome').notNull(),
    /** Network address the call came from. */
    address: text('address'),
    /** JSON text with sorted names. */
    detail: text('detail').notNull(),
    /** Hash of the row before; 64 zeros before the first. */
    previousHash: text('previous_hash').notNull(),
    /** SHA-256 over the hash before and this row's content, hex. */
    hash: text('hash').notNull(),
  },
  (table) => [
    index('audit_at').on(table.at),
    index('audit_actor').on(table.actor, table.sequence),
    index('audit_action').on(table.action, table.sequence),
  ],
);
