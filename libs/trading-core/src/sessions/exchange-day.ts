import { type CalendarFile, type PhaseSpan, type Weekday, weekdaySchema } from '@tickbridge/contracts';
import type { ExchangeDay, PhaseStretch } from './session-calendar';
import { laterDate, TimeZone } from './time-zone';

/** Makes the days of a calendar out of its file. */
export class ExchangeDays {
  private readonly zone: TimeZone;
  private readonly listed: ReadonlyMap<string, CalendarFile['days'][number]>;
  private readonly seasons = new Map<string, TimeZone>();

  constructor(private readonly file: CalendarFile) {
    this.zone = new TimeZone(file.zone);
    this.listed = new Map(file.days.map((day) => [day.date, day]));
    for (const { whileDaylightSavingIn: name } of file.week) {
      if (name !== undefined) this.seasons.set(name, new TimeZone(name));
    }
  }

  dateAt(timeMs: number): string {
    return this.zone.dateAt(timeMs);
  }

  of(date: string): ExchangeDay {
    const start = this.zone.at(date, '00:00');
    const end = this.zone.at(laterDate(date, 1), '00:00');
    const listed = this.listed.get(date);
    const about = { date, start, end, reason: listed?.reason ?? null, final: listed?.final ?? false };
    const spans = listed ? this.named(listed.hours) : this.covers(date) ? this.regular(date) : undefined;
    if (spans) return { ...about, stretches: this.fill(date, start, end, spans) };
    const unknown: PhaseStretch = { phase: 'unknown', from: start, to: end, squareOffTime: null };
    return { ...about, stretches: [unknown] };
  }

  private covers(date: string): boolean {
    const { from, to } = this.file.coverage;
    return (from === null || date >= from) && (to === null || date <= to);
  }

  private regular(date: string): readonly PhaseSpan[] {
    const weekday = weekdaySchema.options[new Date(`${date}T00:00:00Z`).getUTCDay()] as Weekday;
    const row = this.file.week.find(
      ({ days, whileDaylightSavingIn: season }) =>
        days.includes(weekday) && (season === undefined || this.isSummer(season, date)),
    );
    return row ? this.named(row.hours) : [];
  }

  private isSummer(zone: string, date: string): boolean {
    return this.seasons.get(zone)?.hasDaylightSavingAt(this.zone.at(date, '12:00')) ?? false;
  }

  private named(hours: string | readonly PhaseSpan[]): readonly PhaseSpan[] {
    return typeof hours === 'string' ? (this.file.hours[hours] ?? []) : hours;
  }

  /** The stretches of a day with what lies between them. */
  private fill(date: string, start: number, end: number, spans: readonly PhaseSpan[]): PhaseStretch[] {
    const stretches: PhaseStretch[] = [];
    let reached = start;
    const closedUntil = (to: number) => {
      if (to > reached) stretches.push({ phase: 'closed', from: reached, to, squareOffTime: null });
    };
    for (const { phase, from, to, squareOff } of spans) {
      const begin = this.zone.at(date, from);
      closedUntil(begin);
      reached = this.zone.at(date, to);
      const squareOffTime = squareOff === undefined ? null : this.zone.at(date, squareOff);
      stretches.push({ phase, from: begin, to: reached, squareOffTime });
    }
    closedUntil(end);
    return stretches;
  }
}
