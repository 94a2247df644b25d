import type { CalendarDay, FeedName } from '@tickbridge/contracts';
import { bigserial, boolean, date, jsonb, pgSchema, primaryKey, text, timestamp } from 'drizzle-orm/pg-core';

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

const changedAt = () => timestamp('changed_at', { withTimezone: true, precision: 3, mode: 'date' }).notNull();

/** Days that people added to calendars or closed; they count before those of the files. */
export const calendarDays = platformSchema.table(
  'calendar_days',
  {
    calendar: text('calendar').notNull(),
    /** In the zone of the calendar. */
    date: date('date', { mode: 'string' }).notNull(),
    /** Name of hours of the calendar, or the phases themselves; none closes the day. */
    hours: jsonb('hours').$type<CalendarDay['hours']>().notNull(),
    changedBy: text('changed_by').notNull(),
    reason: text('reason').notNull(),
    changedAt: changedAt(),
  },
  (table) => [primaryKey({ columns: [table.calendar, table.date] })],
);

/** Audit trail of those days; never deleted. */
export const calendarDayChanges = platformSchema.table('calendar_day_changes', {
  position: bigserial('position', { mode: 'number' }).primaryKey(),
  calendar: text('calendar').notNull(),
  date: date('date', { mode: 'string' }).notNull(),
  /** Null where nobody had set the day before, or where it was taken back. */
  before: jsonb('before').$type<CalendarDay['hours']>(),
  after: jsonb('after').$type<CalendarDay['hours']>(),
  changedBy: text('changed_by').notNull(),
  reason: text('reason').notNull(),
  changedAt: changedAt(),
});

/** What vendors say of the markets behind their feeds: written by market-data, read where orders are decided. */
export const vendorStatuses = platformSchema.table('vendor_statuses', {
  feed: text('feed').$type<FeedName>().primaryKey(),
  state: text('state').$type<'open' | 'closed'>().notNull(),
  /** When the vendor began to say so. */
  since: timestamp('since', { withTimezone: true, precision: 3, mode: 'date' }).notNull(),
  saidAt: timestamp('said_at', { withTimezone: true, precision: 3, mode: 'date' }).notNull(),
});
