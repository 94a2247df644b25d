import { type BeforeApplicationShutdown, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import type { FeedName, FeedStatus } from '@tickbridge/contracts';
import { InstrumentTable, knownInstruments, lookUpKeys } from '@tickbridge/trading-core';
import type { InstrumentStore } from './instrument-store';
import type { ListReader } from './list-reader';
import { nearestNames } from './nearest-names';
import type { SubscribedInstruments } from './subscribed-instruments';

/** Lists are read again after this long (ms). */
const REFRESH_MS = 24 * 3_600_000;
/** A list that could not be read is tried again after this long (ms). */
const RETRY_MS = 60_000;
/** How often it is looked whether one is due (ms). */
const POLL_INTERVAL_MS = 15_000;
/** An unknown name asks for a new list, but no sooner than this after the last (ms). */
const UNKNOWN_NAME_PAUSE_MS = 600_000;

interface Feed {
  readonly reader: ListReader;
  /** When its lists were last asked for (ms since 1970). */
  askedAt: number;
  /** When all of them were last read (ms since 1970); 0 before the first time. */
  readAt: number;
  /** The last reading of this run had every list. */
  isComplete: boolean;
  subscribed: SubscribedInstruments | undefined;
}

/** Instruments of the running feeds: kept in the store, refreshed from their lists, found by any of their names. */
export class InstrumentMaster implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly log = new Logger('Instruments');
  private readonly feeds: ReadonlyMap<FeedName, Feed>;
  private timer: NodeJS.Timeout | undefined;
  private reading: Promise<unknown> = Promise.resolve();
  private isStopped = false;

  /** @param changed told of instruments that are described differently now */
  constructor(
    readers: readonly ListReader[],
    private readonly store: InstrumentStore,
    /** Resolves when the store can be asked. */
    private readonly ready: () => Promise<unknown>,
    private readonly changed: (feed: FeedName, symbols: readonly string[]) => void | Promise<void>,
  ) {
    this.feeds = new Map(
      readers.map((reader) => [
        reader.feed,
        { reader, askedAt: 0, readAt: 0, isComplete: false, subscribed: undefined },
      ]),
    );
  }

  /** Keeps what a feed subscribes as its newest lists describe it. */
  keepDescribed(subscriptions: ReadonlyMap<FeedName, SubscribedInstruments>): void {
    for (const [name, subscribed] of subscriptions) {
      const feed = this.feeds.get(name);
      if (feed) feed.subscribed = subscribed;
    }
  }

  onApplicationBootstrap(): void {
    void this.begin();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.isStopped = true;
    clearInterval(this.timer);
    await this.reading;
  }

  get feedNames(): readonly FeedName[] {
    return [...this.feeds.keys()];
  }

  hasVendorLists(feed: FeedName): boolean {
    return this.feeds.get(feed)?.reader.hasVendorLists ?? false;
  }

  /** Whether the last reading of this run had every list of the feed. */
  hasReadAll(feed: FeedName): boolean {
    return this.feeds.get(feed)?.isComplete ?? false;
  }

  /** Somebody asked for a name that no list has: a newer one may. */
  unknownName(feed: FeedName): void {
    const state = this.feeds.get(feed);
    if (state && Date.now() - state.askedAt >= UNKNOWN_NAME_PAUSE_MS) state.readAt = 0;
  }

  /** Reads lists when they are due, from now on. */
  private async begin(): Promise<void> {
    try {
      await this.remember();
      for (const feed of this.feeds.values()) await this.describe(feed);
    } catch (error) {
      this.log.warn(`instruments of earlier runs cannot be read: ${(error as Error).message}`);
    }
    if (this.isStopped) return;
    for (const feed of this.feeds.values()) if (!feed.reader.hasVendorLists) void this.read(feed);
    this.timer = setInterval(() => this.readWhatIsDue(), POLL_INTERVAL_MS);
    this.readWhatIsDue();
  }

  /** Reads the lists of a feed now. */
  async readNow(name: FeedName): Promise<void> {
    const feed = this.feeds.get(name);
    if (feed) await this.read(feed);
  }

  private readWhatIsDue(): void {
    const now = Date.now();
    for (const feed of this.feeds.values()) {
      const due = now - feed.readAt >= REFRESH_MS && now - feed.askedAt >= RETRY_MS;
      if (due && feed.reader.hasVendorLists) void this.read(feed);
    }
  }

  /** One reading after the other. */
  private read(feed: Feed): Promise<void> {
    feed.askedAt = Date.now();
    const done = this.reading.then(async () => {
      const { changed, complete } = await feed.reader.read();
      feed.isComplete = complete;
      if (complete) feed.readAt = Date.now();
      await this.describe(feed);
      if (changed.length > 0) await this.changed(feed.reader.feed, changed);
    });
    this.reading = done.catch((error: unknown) => {
      this.log.error(error instanceof Error ? error : new Error(String(error)));
    });
    return done.catch(() => undefined);
  }

  /** What is subscribed, as the newest lists have it. */
  private async describe({ reader, readAt, subscribed }: Feed): Promise<void> {
    if (!subscribed) return;
    const { feed } = reader;
    const found = await this.store.named(feed, subscribed.symbols.flatMap(lookUpKeys));
    const table = new InstrumentTable(found);
    const refused: FeedStatus['symbolsRefused'] = [];
    let listed: string[] | undefined;
    for (const { symbol, status } of subscribed.all) {
      if (status !== 'unlisted' || readAt === 0 || table.find(symbol)) continue;
      listed ??= await this.store.symbols(feed);
      const nearest = nearestNames(symbol, listed);
      const hint = nearest.length === 0 ? '' : `; the nearest names are ${nearest.join(', ')}`;
      refused.push({ symbol, reason: `not listed${hint}` });
    }
    subscribed.describe(found, refused);
  }

  /** Puts what comes with the platform into the store once it can be asked, and learns when the lists were read last. */
  async remember(): Promise<void> {
    await this.ready();
    for (const feed of this.feeds.keys()) await this.store.addKnown(knownInstruments(feed));
    const lists = await this.store.lists();
    for (const feed of this.feeds.values()) {
      const { names, feed: name } = feed.reader;
      const times = lists.flatMap(({ feed: of, source, readAt }) =>
        of === name && names.includes(source) && readAt !== null ? [Date.parse(readAt)] : [],
      );
      if (times.length > 0) feed.readAt = Math.max(feed.readAt, Math.min(...times));
    }
  }
}
