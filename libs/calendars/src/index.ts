export * from './calendar.health';
export * from './calendar.options';
export * from './calendar.store';
export * from './calendar.watch';
export * from './calendars.module';
export * from './vendor-statuses';
