import type { FeedName, Instrument } from '@tickbridge/contracts';
import {
  calendarOf,
  type Calendars,
  type Currency,
  currencyOf,
  InstrumentTable,
  knownInstrument,
  knownInstruments,
  MarketCalendars,
  type SessionCalendar,
} from '@tickbridge/trading-core';

/** Looks instruments up in the vendors' lists; `undefined` when none has it or none can be read now. */
export interface InstrumentFinder {
  bySymbol(feed: FeedName, symbol: string): Promise<Instrument | undefined>;
  /** @param name symbol or alias, as people write it */
  byName(feed: FeedName, name: string): Promise<Instrument | undefined>;
  /** Names of the calendars of those that trade by another one than most of their feed, by symbol. */
  calendarsBeside(feed: FeedName, main: string): Promise<ReadonlyMap<string, string>>;
}

/** What comes with the platform. */
const ONLY_KNOWN: InstrumentFinder = {
  bySymbol: (feed, symbol) => Promise.resolve(knownInstrument(feed, symbol)),
  byName: (feed, name) => Promise.resolve(new InstrumentTable(knownInstruments(feed)).find(name)),
  calendarsBeside: () => Promise.resolve(new Map()),
};

/** A feed this platform trades on. */
export class TradingFeed {
  private readonly calendars: MarketCalendars;
  private beside: ReadonlyMap<string, string> = new Map();

  constructor(
    readonly name: FeedName,
    calendars: Calendars,
    private readonly finder: InstrumentFinder = ONLY_KNOWN,
  ) {
    this.calendars = new MarketCalendars(
      calendars,
      name,
      (symbol) => this.beside.get(symbol) ?? knownInstrument(name, symbol)?.calendar,
    );
  }

  /** The calendar that most of its instruments trade by; the days of its accounts are those of this one. */
  get calendar(): SessionCalendar {
    return this.calendars.main;
  }

  /** The calendar that a symbol trades by. */
  readonly calendarOf = (symbol: string): SessionCalendar => this.calendars.of(symbol);

  /** The calendars that any of the symbols trade by. */
  calendarsOf(symbols: Iterable<string>): ReadonlySet<SessionCalendar> {
    return this.calendars.ofAll(symbols);
  }

  /** Reads which symbols trade by another calendar. @throws while PostgreSQL is away; what was known stays */
  async learnCalendars(): Promise<void> {
    this.beside = await this.finder.calendarsBeside(this.name, calendarOf(this.name));
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
    return (await this.finder.bySymbol(this.name, symbol)) ?? knownInstrument(this.name, symbol);
  }

  /** The platform's name of an instrument, whichever of its names was written; the name itself when no list has it. */
  async symbolOf(name: string): Promise<string> {
    if (await this.instrumentOf(name)) return name;
    const found = (await this.finder.byName(this.name, name)) ?? (await ONLY_KNOWN.byName(this.name, name));
    return found?.symbol ?? name;
  }
}
