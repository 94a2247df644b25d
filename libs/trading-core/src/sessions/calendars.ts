import type { CalendarAddition, CalendarDay, CalendarFile } from '@tickbridge/contracts';
import { builtInCalendars } from './built-in-calendars';
import { UnknownCalendarError } from './calendar.errors';
import { ExchangeCalendar } from './exchange-calendar';

/** What people add to the calendars that come with the platform. */
export interface CalendarChanges {
  /** Calendars of their own; one with a known name replaces it. */
  readonly files: readonly CalendarFile[];
  readonly additions: readonly CalendarAddition[];
  /** Single days, which count before all else. */
  readonly days: readonly { readonly calendar: string; readonly day: CalendarDay }[];
}

/** All calendars of a process by their names. A calendar stays the same object when people change it. */
export class Calendars {
  private readonly byId = new Map<string, ExchangeCalendar>();

  constructor(private readonly base: readonly CalendarFile[] = builtInCalendars()) {
    for (const file of base) this.byId.set(file.id, new ExchangeCalendar(file));
  }

  get all(): readonly ExchangeCalendar[] {
    return [...this.byId.values()];
  }

  find(id: string): ExchangeCalendar | undefined {
    return this.byId.get(id);
  }

  /** @throws UnknownCalendarError */
  of(id: string): ExchangeCalendar {
    const calendar = this.byId.get(id);
    if (calendar) return calendar;
    throw new UnknownCalendarError(id, [...this.byId.keys()]);
  }

  /**
   * Puts what people changed in the place of what they changed before.
   *
   * @returns names of calendars that they meant and that are not there
   */
  replaceChanges({ files, additions, days }: CalendarChanges): string[] {
    const wanted = new Map([...this.base, ...files].map((file) => [file.id, file]));
    const single = days.map(({ calendar, day }): CalendarAddition => ({ extends: calendar, days: [day] }));
    const unknown = new Set<string>();
    for (const addition of [...additions, ...single]) {
      const file = wanted.get(addition.extends);
      if (file) wanted.set(file.id, extended(file, addition));
      else unknown.add(addition.extends);
    }
    for (const id of this.byId.keys()) if (!wanted.has(id)) this.byId.delete(id);
    for (const file of wanted.values()) {
      const known = this.byId.get(file.id);
      if (!known) this.byId.set(file.id, new ExchangeCalendar(file));
      else if (known.file !== file) known.update(file);
    }
    return [...unknown];
  }
}

/** A calendar with days that people added, each in the place of one of the same date: final unless they say otherwise. */
function extended(file: CalendarFile, { coverage, days }: CalendarAddition): CalendarFile {
  const added = days.map((day) => ({ ...day, final: day.final ?? true }));
  const byDate = new Map([...file.days, ...added].map((day) => [day.date, day]));
  return {
    ...file,
    coverage: { ...file.coverage, ...coverage },
    days: [...byDate.values()].sort((a, b) => (a.date < b.date ? -1 : 1)),
  };
}
