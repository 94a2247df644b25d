import { Injectable } from '@nestjs/common';
import type { DependencyHealth } from '@tickbridge/contracts';
import { calendarOf, Calendars, horizonWarning } from '@tickbridge/trading-core';
import { CalendarOptions } from './calendar.options';
import { CalendarWatch } from './calendar.watch';

/** The calendars as a dependency: a service is degraded before one of them ends, and by a file that cannot be used. */
@Injectable()
export class CalendarHealth {
  constructor(
    private readonly calendars: Calendars,
    private readonly watch: CalendarWatch,
    private readonly options: CalendarOptions,
  ) {}

  health(now: number = Date.now()): DependencyHealth {
    const ids = new Set(this.options.feeds.map((feed) => calendarOf(feed)));
    const warnings = [...ids].flatMap((id) => horizonWarning(this.calendars.of(id), now) ?? []);
    const details = [...warnings, ...this.watch.problems];
    return details.length === 0 ? { status: 'up' } : { status: 'degraded', detail: details.join('; ') };
  }
}
