import type { FeedName } from '@tickbridge/contracts';
import { calendarOf } from './calendar-of';
import type { Calendars } from './calendars';
import type { SessionCalendar } from './session-calendar';

/** The calendar of each instrument of a feed: crude trades in the evening, whatever the shares beside it do. */
export class MarketCalendars {
  /** Of most instruments, and of the feed's accounts: their days and their charges go by it. */
  readonly main: SessionCalendar;

  /** @param nameOf name of the calendar that an instrument says it trades by; `null` or `undefined` when it says none */
  constructor(
    private readonly calendars: Calendars,
    feed: FeedName,
    private readonly nameOf: (symbol: string) => string | null | undefined,
  ) {
    this.main = calendars.of(calendarOf(feed));
  }

  /** Of a symbol. One that names a calendar nobody has is left to the risk rules, which deny it; what is held goes by the main one. */
  of(symbol: string): SessionCalendar {
    const name = this.nameOf(symbol);
    return (typeof name === 'string' ? this.calendars.find(name) : undefined) ?? this.main;
  }

  /** Of several symbols, each once; the main one when there are none. */
  ofAll(symbols: Iterable<string>): ReadonlySet<SessionCalendar> {
    const found = new Set<SessionCalendar>();
    for (const symbol of symbols) found.add(this.of(symbol));
    return found.size === 0 ? new Set([this.main]) : found;
  }
}
