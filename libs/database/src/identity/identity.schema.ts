import { index, pgSchema, text, timestamp, uuid } from 'drizzle-orm/pg-core';

/** People and their sessions. Written by the dashboard. */
export const identitySchema = pgSchema('identity');

const time = (name: string) => timestamp(name, { withTimezone: true, precision: 3, mode: 'date' });

export const users = identitySchema.table('users', {
  id: uuid('id').primaryKey(),
  name: text('name').notNull().unique(),
  passwordHash: text('password_hash').notNull(),
  createdAt: time('created_at').notNull().defaultNow(),
});

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
  },
  (table) => [index('sessions_user').on(table.userId, table.createdAt)],
);
