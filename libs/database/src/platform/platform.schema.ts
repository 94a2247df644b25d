import { boolean, pgSchema, text, timestamp } from 'drizzle-orm/pg-core';

/** What concerns the platform as a whole. Written by every service. */
export const platformSchema = pgSchema('platform');

/** The one platform that this database is for. */
export const installation = platformSchema.table('installation', {
  /** Always true: there is one row. */
  only: boolean('only').primaryKey().default(true),
  id: text('id').notNull(),
  /** When one of its services said last that it runs. */
  seenAt: timestamp('seen_at', { withTimezone: true, precision: 3, mode: 'date' }).notNull().defaultNow(),
});
