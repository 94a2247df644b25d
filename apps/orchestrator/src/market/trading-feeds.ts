import type { FeedName } from '@tickbridge/contracts';
import { Calendars } from '@tickbridge/trading-core';
import { type InstrumentFinder, TradingFeed } from './trading-feed';

/** The feeds this platform trades on. An account trades one of them; their books never meet. */
export class TradingFeeds {
  private readonly byName: ReadonlyMap<FeedName, TradingFeed>;

  /** @param finder without it, only the instruments that come with the platform are known */
  constructor(
    readonly names: readonly FeedName[],
    calendars: Calendars = new Calendars(),
    finder?: InstrumentFinder,
  ) {
    this.byName = new Map(names.map((name) => [name, new TradingFeed(name, calendars, finder)]));
  }

  get all(): readonly TradingFeed[] {
    return [...this.byName.values()];
  }

  /** @throws RangeError for a feed this platform does not run on */
  of(name: FeedName): TradingFeed {
    const feed = this.byName.get(name);
    if (feed) return feed;
    throw new RangeError(`this platform runs on ${this.names.join(', ')}, not on ${name}`);
  }

  /** Reads which symbols trade by another calendar than most of their feed. @throws while PostgreSQL is away */
  async learnCalendars(): Promise<void> {
    for (const feed of this.all) await feed.learnCalendars();
  }

  /** True when prices are a recording: time and market are those of the recorded bars. */
  get recorded(): boolean {
    return this.names.includes('replay');
  }
}
