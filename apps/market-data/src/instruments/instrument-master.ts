import { setTimeout as sleep } from 'node:timers/promises';
import { type BeforeApplicationShutdown, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { type FeedName, type FeedStatus, type Instrument, toIso } from '@tickbridge/contracts';
import { InstrumentTable, knownInstruments, lookUpKeys } from '@tickbridge/trading-core';
import type { InstrumentStore } from './instrument-store';
import type { ListReader } from './list-reader';
import { nearestNames } from './nearest-names';
import { SubscribedInstruments } from './subscribed-instruments';
import { unlistedInstrument } from './unlisted-instrument';

/** Lists are read again after this long (ms). */
const REFRESH_MS = 24 * 3_600_000;
/** A list that could not be read is tried again after this long (ms). */
const RETRY_MS = 60_000;
/** How often it is looked whether one is due (ms). */
const POLL_INTERVAL_MS = 15_000;
/** An unknown name asks for a new list, but no sooner than this after the last (ms). */
const UNKNOWN_NAME_PAUSE_MS = 600_000;
/** A start waits so long for the lists that have to say what a name is (ms). */
const START_TIMEOUT_MS = 6_000;
/** And for the store, which may be starting itself (ms). */
const STORE_TIMEOUT_MS = 3_000;
/** Between two attempts during a start: what is asked may be starting itself (ms). */
const START_RETRY_MS = 500;

/** Names that no list has. */
export class UnlistedNamesError extends Error {
  override readonly name = 'UnlistedNamesError';

  /** @param refused each name with the nearest listed ones */
  constructor(readonly refused: readonly { name: string; nearest: readonly string[] }[]) {
    super(
      refused
        .map(({ name, nearest }) =>
          nearest.length === 0
            ? `${name} is not listed`
            : `${name} is not listed; the nearest names are ${nearest.join(', ')}`,
        )
        .join('; '),
    );
  }
}

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

  /**
   * Finds what the feeds subscribe.
   *
   * @param names as the user wrote them; `undefined` takes every feed's own
   * @param own names that a feed subscribes when none of its own is written
   * @throws UnlistedNamesError for names that no list has, when all lists could be read
   */
  async subscribe(
    names: readonly string[] | undefined,
    own: ReadonlyMap<FeedName, readonly string[]>,
  ): Promise<ReadonlyMap<FeedName, SubscribedInstruments>> {
    const written = names === undefined ? new Map<FeedName, Instrument[]>() : await this.distribute(names);
    const subscriptions = new Map<FeedName, SubscribedInstruments>();
    for (const [name, feed] of this.feeds) {
      const found = written.get(name) ?? [];
      const instruments =
        found.length > 0 ? found : findKnown(name, own.get(name) ?? []).map(({ instrument }) => instrument);
      feed.subscribed = new SubscribedInstruments(instruments);
      subscriptions.set(name, feed.subscribed);
    }
    return subscriptions;
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

  /** Somebody asked for a name that no list has: a newer one may. */
  unknownName(feed: FeedName): void {
    const state = this.feeds.get(feed);
    if (state && Date.now() - state.askedAt >= UNKNOWN_NAME_PAUSE_MS) state.readAt = 0;
  }

  /** Reads lists when they are due, from now on. */
  private async begin(): Promise<void> {
    try {
      await this.ready();
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
    for (const { symbol, status } of subscribed.all) {
      if (status !== 'unlisted' || readAt === 0 || table.find(symbol)) continue;
      const nearest = nearestNames(symbol, await this.store.symbols(feed));
      const hint = nearest.length === 0 ? '' : `; the nearest names are ${nearest.join(', ')}`;
      refused.push({ symbol, reason: `not listed${hint}` });
    }
    subscribed.describe(found, refused);
  }

  /** Puts what comes with the platform into the store, and learns when the lists were read last. */
  private async remember(): Promise<void> {
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

  /** Gives each name to the first feed that lists it. */
  private async distribute(names: readonly string[]): Promise<Map<FeedName, Instrument[]>> {
    const known = await this.homesOf(names, (feed) => Promise.resolve(findKnown(feed, names)));
    if (known.missing.length === 0) return known.homes;
    const deadline = Date.now() + START_TIMEOUT_MS;
    await Promise.race([this.ready().then(() => this.remember()), sleep(STORE_TIMEOUT_MS)]).catch(
      () => undefined,
    );
    const stored = await this.homesOf(names, (feed) => this.find(feed, names));
    if (stored.missing.length === 0) return stored.homes;
    // A name that no list had yesterday may be in today's.
    await this.readBy(deadline, [...this.feeds.values()]);
    for (;;) {
      const { homes, missing } = await this.homesOf(names, (feed) => this.find(feed, names));
      if (missing.length === 0) return homes;
      // Only a list that was read now can say that a name is not in it.
      const unread = [...this.feeds.values()].filter(({ isComplete }) => !isComplete);
      if (unread.length === 0) throw await this.refusal(missing);
      const readable = unread.filter(({ reader }) => reader.hasVendorLists);
      if (readable.length === 0 || Date.now() >= deadline) return this.takeAsWritten(homes, missing, unread);
      await sleep(START_RETRY_MS);
      await this.readBy(deadline, readable);
    }
  }

  /** Reads lists; one that takes longer goes on without anybody waiting. */
  private async readBy(deadline: number, feeds: readonly Feed[]): Promise<void> {
    const waiting = new AbortController();
    const { signal } = waiting;
    await Promise.race([
      Promise.all(feeds.map((feed) => this.read(feed))),
      sleep(Math.max(0, deadline - Date.now()), undefined, { signal }).catch(() => undefined),
    ]);
    waiting.abort();
  }

  private async homesOf(
    names: readonly string[],
    find: (feed: FeedName) => Promise<Found[]>,
  ): Promise<{ homes: Map<FeedName, Instrument[]>; missing: string[] }> {
    const homes = new Map<FeedName, Instrument[]>();
    const missing: string[] = [];
    const found = new Map<FeedName, Found[]>();
    for (const feed of this.feeds.keys()) found.set(feed, await find(feed));
    names.forEach((name, index) => {
      const home = [...this.feeds.keys()].find((feed) => found.get(feed)?.[index]?.isListed);
      const instrument = home && found.get(home)?.[index]?.instrument;
      if (home && instrument) homes.set(home, [...(homes.get(home) ?? []), instrument]);
      else missing.push(name);
    });
    return { homes, missing };
  }

  /** Names that nobody could look up go to a feed whose lists could not be read. */
  private takeAsWritten(
    homes: Map<FeedName, Instrument[]>,
    missing: readonly string[],
    unread: readonly Feed[],
  ): Map<FeedName, Instrument[]> {
    const asOf = toIso(Date.now());
    for (const name of missing) {
      const feeds = unread.map(({ reader }) => reader.feed);
      const likely = feeds.find((feed) => unlistedInstrument(feed, name, asOf).symbol === name.toUpperCase());
      const home = likely ?? feeds[0];
      if (home) homes.set(home, [...(homes.get(home) ?? []), unlistedInstrument(home, name, asOf)]);
    }
    return homes;
  }

  private async refusal(missing: readonly string[]): Promise<UnlistedNamesError> {
    const listed = new Set<string>();
    for (const feed of this.feeds.keys())
      for (const symbol of await this.store.symbols(feed)) listed.add(symbol);
    return new UnlistedNamesError(missing.map((name) => ({ name, nearest: nearestNames(name, listed) })));
  }

  /** Each name's instrument, in the order of the names. */
  private async find(feed: FeedName, names: readonly string[]): Promise<Found[]> {
    return foundIn(feed, names, await this.store.named(feed, names.flatMap(lookUpKeys)).catch(() => []));
  }
}

/** The same among what comes with the platform. */
function findKnown(feed: FeedName, names: readonly string[]): Found[] {
  return foundIn(feed, names, []);
}

function foundIn(feed: FeedName, names: readonly string[], stored: readonly Instrument[]): Found[] {
  const table = new InstrumentTable([...knownInstruments(feed), ...stored]);
  const asOf = toIso(Date.now());
  return names.map((name) => {
    const listed = table.find(name);
    return { instrument: listed ?? unlistedInstrument(feed, name, asOf), isListed: listed !== undefined };
  });
}

interface Found {
  readonly instrument: Instrument;
  readonly isListed: boolean;
}
