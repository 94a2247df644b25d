import { setTimeout as sleep } from 'node:timers/promises';
import { type FeedName, type Instrument, toIso } from '@tickbridge/contracts';
import { InstrumentTable, knownInstruments, lookUpKeys } from '@tickbridge/trading-core';
import { dialectOf } from '../symbols/dialect';
import type { InstrumentMaster } from './instrument-master';
import type { InstrumentStore } from './instrument-store';
import { nearestNames } from './nearest-names';
import { SharedNameError } from './shared-name.error';
import { SubscribedInstruments } from './subscribed-instruments';
import { unlistedInstrument } from './unlisted-instrument';
import { UnlistedNamesError } from './unlisted-names.error';

/** A start waits so long for the lists that have to say what a name is (ms). */
const START_TIMEOUT_MS = 6_000;
/** And for the store, which may be starting itself (ms). */
const STORE_TIMEOUT_MS = 3_000;
/** Between two attempts during a start: what is asked may be starting itself (ms). */
const START_RETRY_MS = 500;

/** What each feed subscribes, from the names that a user wrote. */
export class SubscriptionResolver {
  constructor(
    private readonly master: InstrumentMaster,
    private readonly store: InstrumentStore,
  ) {}

  /**
   * @param names as the user wrote them; `undefined` takes every feed's own
   * @param own names that a feed subscribes when none of its own is written
   * @throws UnlistedNamesError for names that no list has, when all lists could be read
   * @throws SharedNameError for a name that two feeds would deliver
   */
  async resolve(
    names: readonly string[] | undefined,
    own: ReadonlyMap<FeedName, readonly string[]>,
  ): Promise<ReadonlyMap<FeedName, SubscribedInstruments>> {
    const written = names === undefined ? new Map<FeedName, Instrument[]>() : await this.distribute(names);
    const subscribed = new Map(
      this.master.feedNames.map((feed) => {
        const found = written.get(feed) ?? [];
        const instruments =
          found.length > 0 ? found : findKnown(feed, own.get(feed) ?? []).map(({ instrument }) => instrument);
        return [feed, new SubscribedInstruments(instruments)] as const;
      }),
    );
    refuseSharedNames(subscribed);
    return subscribed;
  }

  /** Gives each name to the first feed that lists it. */
  private async distribute(names: readonly string[]): Promise<Map<FeedName, Instrument[]>> {
    const known = await this.homesOf(names, (feed) => Promise.resolve(findKnown(feed, names)));
    if (known.missing.length === 0) return known.homes;
    const deadline = Date.now() + START_TIMEOUT_MS;
    await Promise.race([this.master.remember(), sleep(STORE_TIMEOUT_MS)]).catch(() => undefined);
    const stored = await this.homesOf(names, (feed) => this.find(feed, names));
    if (stored.missing.length === 0) return stored.homes;
    // A name that no list had yesterday may be in today's.
    await this.readBy(deadline, this.master.feedNames);
    for (;;) {
      const { homes, missing } = await this.homesOf(names, (feed) => this.find(feed, names));
      if (missing.length === 0) return homes;
      // Only a list that was read now can say that a name is not in it.
      const unread = this.master.feedNames.filter((feed) => !this.master.hasReadAll(feed));
      if (unread.length === 0) throw await this.refusal(missing);
      const readable = unread.filter((feed) => this.master.hasVendorLists(feed));
      if (readable.length === 0 || Date.now() >= deadline) return takeAsWritten(homes, missing, unread);
      await sleep(START_RETRY_MS);
      await this.readBy(deadline, readable);
    }
  }

  /** Reads lists; one that takes longer goes on without anybody waiting. */
  private async readBy(deadline: number, feeds: readonly FeedName[]): Promise<void> {
    const waiting = new AbortController();
    const { signal } = waiting;
    await Promise.race([
      Promise.all(feeds.map((feed) => this.master.readNow(feed))),
      sleep(Math.max(0, deadline - Date.now()), undefined, { signal }).catch(() => undefined),
    ]);
    waiting.abort();
  }

  /** Each name's home, and the names that have none. */
  private async homesOf(
    names: readonly string[],
    find: (feed: FeedName) => Promise<Found[]>,
  ): Promise<{ homes: Map<FeedName, Instrument[]>; missing: string[] }> {
    const homes = new Map<FeedName, Instrument[]>();
    const missing: string[] = [];
    const found = new Map<FeedName, Found[]>();
    for (const feed of this.master.feedNames) found.set(feed, await find(feed));
    names.forEach((name, index) => {
      const home = this.master.feedNames.find((feed) => found.get(feed)?.[index]?.isListed);
      const instrument = home && found.get(home)?.[index]?.instrument;
      if (home && instrument) homes.set(home, [...(homes.get(home) ?? []), instrument]);
      else missing.push(name);
    });
    return { homes, missing };
  }

  private async refusal(missing: readonly string[]): Promise<UnlistedNamesError> {
    const listed = new Set<string>();
    for (const feed of this.master.feedNames)
      for (const symbol of await this.store.symbols(feed)) listed.add(symbol);
    return new UnlistedNamesError(missing.map((name) => ({ name, nearest: nearestNames(name, listed) })));
  }

  /** Each name's instrument, in the order of the names. */
  private async find(feed: FeedName, names: readonly string[]): Promise<Found[]> {
    return foundIn(feed, names, await this.store.named(feed, names.flatMap(lookUpKeys)).catch(() => []));
  }
}

/** The feed that writes a name so, else one that can have it at all. */
function likeliestHome(name: string, feeds: readonly FeedName[]): FeedName | undefined {
  const written = (feed: FeedName) => dialectOf(feed).canonical(name);
  return (
    feeds.find((feed) => written(feed) === name.toUpperCase()) ??
    feeds.find((feed) => written(feed) !== undefined) ??
    feeds[0]
  );
}

/** Everywhere past the feeds a price is found by its symbol alone. */
function refuseSharedNames(subscribed: ReadonlyMap<FeedName, SubscribedInstruments>): void {
  const homes = new Map<string, FeedName>();
  for (const [feed, { symbols }] of subscribed) {
    for (const symbol of symbols) {
      const other = homes.get(symbol);
      if (other !== undefined) throw new SharedNameError(symbol, [other, feed]);
      homes.set(symbol, feed);
    }
  }
}

/** Names that nobody could look up go to a feed whose lists could not be read. */
function takeAsWritten(
  homes: Map<FeedName, Instrument[]>,
  missing: readonly string[],
  unread: readonly FeedName[],
): Map<FeedName, Instrument[]> {
  const asOf = toIso(Date.now());
  for (const name of missing) {
    const home = likeliestHome(name, unread);
    if (home) homes.set(home, [...(homes.get(home) ?? []), unlistedInstrument(home, name, asOf)]);
  }
  return homes;
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
