import type { FeedName } from '@tickbridge/contracts';

/** How a service takes calendars in; also the injection token. */
export abstract class CalendarOptions {
  /** Folder of the calendars and additions that people put there; it need not exist. */
  abstract readonly directory: string;
  /** Feeds whose calendars have to be known. */
  abstract readonly feeds: readonly FeedName[];
}
