import type { FeedName } from '@tickbridge/contracts';
import {
  calendarFor,
  instrumentRules,
  type InstrumentRules,
  type SessionCalendar,
} from '@tickbridge/trading-core';

/** A feed this platform trades on, with the rules of its instruments. */
export class TradingFeed {
  readonly instrument: InstrumentRules;
  readonly calendar: SessionCalendar;

  constructor(readonly name: FeedName) {
    this.instrument = instrumentRules(name);
    this.calendar = calendarFor(name, this.instrument.assetClass);
  }

  /** True when prices are a recording: time and market are those of the recorded bars. */
  get recorded(): boolean {
    return this.name === 'replay';
  }
}
