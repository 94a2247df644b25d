import { Injectable } from '@nestjs/common';
import type { CalendarDay } from '@tickbridge/contracts';
import { calendarDayChanges, calendarDays, Database } from '@tickbridge/database';
import { and, asc, desc, eq } from 'drizzle-orm';

export type StoredCalendarDay = typeof calendarDays.$inferSelect;
export type CalendarDayChangeRow = typeof calendarDayChanges.$inferSelect;

/** What a person does to a day of a calendar. */
export interface DayChange {
  readonly calendar: string;
  /** In the zone of the calendar. */
  readonly date: string;
  /** `null` takes back what was set. */
  readonly hours: CalendarDay['hours'] | null;
  readonly by: string;
  readonly reason: string;
}

/** Days that people set, in PostgreSQL, with the trail of their changes. */
@Injectable()
export class CalendarStore {
  constructor(private readonly database: Database) {}

  /** @throws DatabaseUnavailableError while PostgreSQL is away */
  days(): Promise<StoredCalendarDay[]> {
    return this.database.orm
      .select()
      .from(calendarDays)
      .orderBy(asc(calendarDays.calendar), asc(calendarDays.date));
  }

  /** The last changes of a calendar, newest first. */
  changes(calendar: string, limit: number): Promise<CalendarDayChangeRow[]> {
    return this.database.orm
      .select()
      .from(calendarDayChanges)
      .where(eq(calendarDayChanges.calendar, calendar))
      .orderBy(desc(calendarDayChanges.position))
      .limit(limit);
  }

  /** @returns false when there was nothing to take back */
  async change({ calendar, date, hours, by, reason }: DayChange): Promise<boolean> {
    const isDay = and(eq(calendarDays.calendar, calendar), eq(calendarDays.date, date));
    return this.database.orm.transaction(async (transaction) => {
      const [before] = await transaction.select().from(calendarDays).where(isDay).for('update');
      if (!before && hours === null) return false;
      const signed = { changedBy: by, reason, changedAt: new Date() };
      if (hours === null) await transaction.delete(calendarDays).where(isDay);
      else {
        await transaction
          .insert(calendarDays)
          .values({ calendar, date, hours, ...signed })
          .onConflictDoUpdate({
            target: [calendarDays.calendar, calendarDays.date],
            set: { hours, ...signed },
          });
      }
      await transaction
        .insert(calendarDayChanges)
        .values({ calendar, date, before: before?.hours ?? null, after: hours, ...signed });
      return true;
    });
  }
}
