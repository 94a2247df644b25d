import { DAY_MS, HOUR_MS, MINUTE_MS } from './session-calendar';

/**
 * A time zone by its name in the IANA database, `Asia/Kolkata`.
 *
 * The rules come with the runtime (Intl). Each question costs some microseconds, so callers keep answers by day.
 */
export class TimeZone {
  private readonly format: Intl.DateTimeFormat;

  /** @throws RangeError for a name that is no zone */
  constructor(readonly name: string) {
    this.format = new Intl.DateTimeFormat('en-US', {
      timeZone: name,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
  }

  /** What the zone is ahead of UTC at a time (milliseconds). */
  offsetAt(timeMs: number): number {
    const fields: Record<string, number> = {};
    for (const { type, value } of this.format.formatToParts(timeMs)) fields[type] = Number(value);
    const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = fields;
    return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(timeMs / 1_000) * 1_000;
  }

  /** The date in the zone: `2026-11-20`. */
  dateAt(timeMs: number): string {
    return dateText(timeMs + this.offsetAt(timeMs));
  }

  /**
   * When clocks of the zone show a time of day (ms since 1970): the first time where they show it twice, and the moment
   * they are put forward where they skip it, so that times of a day keep their order.
   *
   * @param timeOfDay `09:15`; `24:00` is the next midnight
   */
  at(date: string, timeOfDay: string): number {
    const [hours = 0, minutes = 0] = timeOfDay.split(':').map(Number);
    const wall = Date.parse(`${date}T00:00:00Z`) + hours * HOUR_MS + minutes * MINUTE_MS;
    // Zones change by less than a day, and not twice within two.
    const [before, after] = [this.offsetAt(wall - DAY_MS), this.offsetAt(wall + DAY_MS)];
    if (before === after) return wall - before;
    const early = wall - Math.max(before, after);
    const late = wall - Math.min(before, after);
    for (const time of [early, late]) if (time + this.offsetAt(time) === wall) return time;
    return this.changeBetween(early, late);
  }

  /** When the offset changes (ms since 1970). */
  private changeBetween(early: number, late: number): number {
    const before = this.offsetAt(early);
    let [from, to] = [early, late];
    while (to - from > 1_000) {
      const middle = Math.floor((from + to) / 2_000) * 1_000;
      if (this.offsetAt(middle) === before) from = middle;
      else to = middle;
    }
    return to;
  }

  /** Whether clocks are ahead of the zone's standard time. */
  hasDaylightSavingAt(timeMs: number): boolean {
    const year = new Date(timeMs).getUTCFullYear();
    const standard = Math.min(this.offsetAt(Date.UTC(year, 0, 1)), this.offsetAt(Date.UTC(year, 6, 1)));
    return this.offsetAt(timeMs) > standard;
  }
}

/** The date of a time in UTC: `2026-11-20`. */
function dateText(timeMs: number): string {
  return new Date(timeMs).toISOString().slice(0, 10);
}

/** The date so many days later. */
export function laterDate(date: string, days: number): string {
  return dateText(Date.parse(`${date}T00:00:00Z`) + days * 24 * HOUR_MS);
}
