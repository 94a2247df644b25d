import type { FeedName, Instrument } from '@tickbridge/contracts';
import {
  calendarOf,
  type Calendars,
  type Currency,
  currencyOf,
  knownInstrument,
  type SessionCalendar,
} from '@tickbridge/trading-core';

/** Looks an instrument up in the vendors' lists; `undefined` when none has it or none can be read now. */
export type FindInstrument = (feed: FeedName, symbol: string) => Promise<Instrument | undefined>;

const ONLY_KNOWN: FindInstrument = (feed, symbol) => Promise.resolve(knownInstrument(feed, symbol));

/** A feed this platform trades on. */
export class TradingFeed {
  readonly calendar: SessionCalendar;

  constructor(
    readonly name: FeedName,
    calendars: Calendars,
    private readonly find: FindInstrument = ONLY_KNOWN,
  ) {
    this.calendar = calendars.of(calendarOf(name));
  }

  /** Currency of the accounts that trade it. */
  get currency(): Currency {
    return currencyOf(this.name);
  }

  /** True when prices are a recording: time and market are those of the recorded bars. */
  get recorded(): boolean {
    return this.name === 'replay';
  }

  /** What orders of a symbol must look like; `undefined` when nobody has described it. */
  async instrumentOf(symbol: string): Promise<Instrument | undefined> {
    return (await this.find(this.name, symbol)) ?? knownInstrument(this.name, symbol);
  }
}
