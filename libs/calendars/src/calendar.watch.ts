import { type BeforeApplicationShutdown, Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { calendarDaySchema } from '@tickbridge/contracts';
import { isDatabaseUnavailable, rootMessage } from '@tickbridge/database';
import { Calendars } from '@tickbridge/trading-core';
import { CalendarFolder } from './calendar.folder';
import { CalendarStore, type StoredCalendarDay } from './calendar.store';
import { VendorStatuses } from './vendor-statuses';

/** A change of a person is in force everywhere after this time (milliseconds). */
const POLL_INTERVAL_MS = 1_000;

/** Keeps the calendars of this process as people want them: by the folder, by PostgreSQL, without a restart. */
@Injectable()
export class CalendarWatch implements OnModuleInit, BeforeApplicationShutdown {
  private readonly logger = new Logger('Calendars');
  private timer: NodeJS.Timeout | undefined;
  private looking: Promise<void> = Promise.resolve();
  private unfinished = 0;
  private days: readonly StoredCalendarDay[] | undefined;
  private found: readonly string[] = [];
  private shown = '';

  constructor(
    private readonly calendars: Calendars,
    private readonly store: CalendarStore,
    private readonly folder: CalendarFolder,
    private readonly vendors: VendorStatuses,
  ) {}

  async onModuleInit(): Promise<void> {
    if (await this.folder.refresh()) this.apply();
    this.timer = setInterval(() => {
      // While PostgreSQL hangs a look takes seconds: those that would wait for it would say nothing else.
      if (this.unfinished === 0) this.look().catch((error: unknown) => this.note(error));
    }, POLL_INTERVAL_MS);
  }

  /** PostgreSQL is there until the last look ended. */
  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    await this.looking.catch(() => undefined);
  }

  /**
   * Waits until what people set was read once.
   *
   * @throws DatabaseUnavailableError when it cannot be: a day that somebody closed must not pass for open
   */
  async whenKnown(): Promise<void> {
    if (this.days === undefined) await this.look();
  }

  /** What of the folder and of the days cannot be used, each with the reason. */
  get problems(): readonly string[] {
    return this.found;
  }

  /** Days that people set, as of the last look. */
  daysOf(calendar: string): readonly StoredCalendarDay[] {
    return (this.days ?? []).filter((day) => day.calendar === calendar);
  }

  /**
   * Looks at once. One look at a time: an older one never overwrites what a younger one found.
   *
   * @throws DatabaseUnavailableError while PostgreSQL is away; what was known stays
   */
  look(): Promise<void> {
    this.unfinished += 1;
    const turn = this.looking
      .catch(() => undefined)
      .then(() => this.read())
      .finally(() => (this.unfinished -= 1));
    this.looking = turn;
    return turn;
  }

  private async read(): Promise<void> {
    const changed = await this.folder.refresh();
    if (changed) this.apply();
    const days = await this.store.days();
    await this.vendors.refresh();
    const before = JSON.stringify(this.days);
    this.days = days;
    if (before !== JSON.stringify(days)) this.apply();
  }

  private apply(): void {
    const { files, additions, problems } = this.folder.current;
    const days = (this.days ?? []).flatMap(({ calendar, date, hours, reason }) => {
      const day = calendarDaySchema.safeParse({ date, hours, reason });
      return day.success ? [{ calendar, day: day.data }] : [];
    });
    const unknown = this.calendars.replaceChanges({ files, additions, days });
    this.found = [...problems, ...unknown.map((id) => `there is no calendar ${id} to change`)];
    const said = [
      `${files.length} calendars and ${additions.length} additions of the folder, ${days.length} days set by people`,
      ...this.found,
    ].join('; ');
    if (said === this.shown) return;
    this.shown = said;
    if (this.found.length > 0) this.logger.warn(said);
    else if (files.length + additions.length + days.length > 0) this.logger.log(said);
  }

  private note(error: unknown): void {
    // PostgreSQL has a health of its own.
    if (!isDatabaseUnavailable(error)) this.logger.warn(`calendars not read: ${rootMessage(error)}`);
  }
}
