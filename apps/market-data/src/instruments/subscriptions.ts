import type { FeedName, Instrument } from '@tickbridge/contracts';
import { knownInstruments } from '@tickbridge/trading-core';
import type { SubscribedInstruments } from './subscribed-instruments';

/** What each feed of this process subscribes. */
export class Subscriptions {
  constructor(private readonly byFeed: ReadonlyMap<FeedName, SubscribedInstruments>) {}

  /** @throws RangeError when this process does not have that feed */
  of(feed: FeedName): SubscribedInstruments {
    const subscribed = this.byFeed.get(feed);
    if (subscribed) return subscribed;
    throw new RangeError(`no subscription for ${feed}`);
  }

  /** A recording without a list of symbols has what it has: of that, what comes with the platform is known. */
  get all(): readonly Instrument[] {
    return [...this.byFeed].flatMap(([feed, { all }]) => (all.length > 0 ? all : knownInstruments(feed)));
  }
}
