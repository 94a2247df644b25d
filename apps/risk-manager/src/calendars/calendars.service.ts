import { Injectable } from '@nestjs/common';
import { CalendarStore, CalendarWatch } from '@tickbridge/calendars';
import type {
  CalendarAnswer,
  CalendarDayChange,
  CalendarDayRemoval,
  CalendarSummary,
} from '@tickbridge/contracts';
import { toIso } from '@tickbridge/contracts';
import { ProblemException } from '@tickbridge/service-bootstrap';
import { Calendars, type ExchangeCalendar } from '@tickbridge/trading-core';
import { summaryOf, toDates } from './calendar-view';

/** Newest changes that an answer shows. */
const MAX_CHANGES = 50;
const DEFAULT_DAYS = 14;

interface DayOfCalendar {
  readonly id: string;
  /** In the zone of the calendar. */
  readonly date: string;
}

/** The calendars for people, and changing their days: an audited act. */
@Injectable()
export class CalendarsService {
  constructor(
    private readonly calendars: Calendars,
    private readonly store: CalendarStore,
    private readonly watch: CalendarWatch,
  ) {}

  list(now: number = Date.now()): CalendarSummary[] {
    return this.calendars.all.map((calendar) => summaryOf(calendar, now));
  }

  /** @throws ProblemException 404 for a calendar that is not there */
  async show(
    id: string,
    { from, days = DEFAULT_DAYS }: { from?: string | undefined; days?: number } = {},
    now: number = Date.now(),
  ): Promise<CalendarAnswer> {
    const calendar = this.find(id);
    const changes = await this.store.changes(id, MAX_CHANGES);
    return {
      ...summaryOf(calendar, now),
      hours: Object.keys(calendar.file.hours),
      dates: toDates(calendar, from ?? calendar.dayAt(now).date, days),
      changedDays: this.watch.daysOf(id).map(({ date, hours, reason, changedBy, changedAt }) => ({
        date,
        hours,
        reason,
        changedBy,
        changedAt: toIso(changedAt.getTime()),
      })),
      changes: changes.map(({ position, date, before, after, changedBy, reason, changedAt }) => ({
        position,
        date,
        before,
        after,
        changedBy,
        reason,
        changedAt: toIso(changedAt.getTime()),
      })),
    };
  }

  /** @throws ProblemException 404 for a calendar that is not there, 400 for hours that it does not have */
  async change(day: DayOfCalendar, { by, reason, hours }: CalendarDayChange): Promise<CalendarAnswer> {
    const { id, date } = day;
    const names = Object.keys(this.find(id).file.hours);
    if (typeof hours === 'string' && !names.includes(hours)) {
      throw new ProblemException(400, 'INVALID_INPUT', `${id} has no hours of that name.`, [
        { field: 'hours', message: `expected phases, or one of ${names.join(', ')}` },
      ]);
    }
    await this.store.change({ calendar: id, date, hours, by, reason });
    await this.watch.look();
    return this.show(id);
  }

  /** @throws ProblemException 404 for a calendar that is not there, and for a day that nobody set */
  async takeBack(day: DayOfCalendar, { by, reason }: CalendarDayRemoval): Promise<CalendarAnswer> {
    const { id, date } = day;
    this.find(id);
    if (!(await this.store.change({ calendar: id, date, hours: null, by, reason }))) {
      throw new ProblemException(404, 'CALENDAR_DAY_NOT_SET', `Nobody set ${date} of ${id}.`);
    }
    await this.watch.look();
    return this.show(id);
  }

  private find(id: string): ExchangeCalendar {
    const calendar = this.calendars.find(id);
    if (calendar) return calendar;
    throw new ProblemException(404, 'CALENDAR_UNKNOWN', `There is no calendar ${id}.`);
  }
}
