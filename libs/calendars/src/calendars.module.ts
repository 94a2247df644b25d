import { type DynamicModule, Module } from '@nestjs/common';
import { Calendars } from '@tickbridge/trading-core';
import { CalendarFolder } from './calendar.folder';
import { CalendarHealth } from './calendar.health';
import { CalendarOptions } from './calendar.options';
import { CalendarStore } from './calendar.store';
import { CalendarWatch } from './calendar.watch';
import { VendorStatuses } from './vendor-statuses';

/** The calendars for every module of an application, kept as people want them. */
@Module({})
export class CalendarsModule {
  static forRoot(options: CalendarOptions): DynamicModule {
    return {
      module: CalendarsModule,
      global: true,
      providers: [
        { provide: CalendarOptions, useValue: options },
        { provide: Calendars, useFactory: () => new Calendars() },
        CalendarFolder,
        CalendarStore,
        VendorStatuses,
        CalendarWatch,
        CalendarHealth,
      ],
      exports: [Calendars, CalendarStore, CalendarWatch, CalendarHealth, VendorStatuses],
    };
  }
}
