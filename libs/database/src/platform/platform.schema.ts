import { boolean, pgSchema, primaryKey, text, timestamp } from 'drizzle-orm/pg-core';

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

/** Running instances of the services, by the address that others reach them at. */
export const serviceInstances = platformSchema.table(
  'service_instances',
  {
    service: text('service').notNull(),
    address: text('address').notNull(),
    seenAt: timestamp('seen_at', { withTimezone: true, precision: 3, mode: 'date' }).notNull(),
  },
  (table) => [primaryKey({ columns: [table.service, table.address] })],
);
