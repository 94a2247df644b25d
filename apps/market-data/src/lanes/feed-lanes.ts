import type {
  BeforeApplicationShutdown,
  OnApplicationBootstrap,
  OnApplicationShutdown,
} from '@nestjs/common';
import type { FeedName } from '@tickbridge/contracts';
import { ProblemException } from '@tickbridge/service-bootstrap';
import type { FeedLane } from './feed-lane';

/** The lanes of this process, one per feed, in the order of FEED. */
export class FeedLanes implements OnApplicationBootstrap, BeforeApplicationShutdown, OnApplicationShutdown {
  /** @param all at least one */
  constructor(readonly all: readonly FeedLane[]) {}

  /** The lane that answers speak of where they name only one. */
  get first(): FeedLane {
    return this.all[0] as FeedLane;
  }

  /**
   * @param feed `undefined` asks for the first
   * @throws ProblemException 404 when this process has no such feed
   */
  of(feed: FeedName | undefined): FeedLane {
    if (feed === undefined) return this.first;
    const lane = this.all.find(({ name }) => name === feed);
    if (lane !== undefined) return lane;
    const names = this.all.map(({ name }) => name).join(', ');
    throw new ProblemException(404, 'FEED_NOT_RUNNING', `${feed} does not run here; FEED is ${names}.`);
  }

  /**
   * The lane that has an instrument, and the platform's name of it.
   *
   * @param name any alias
   * @returns `undefined` when no lane is subscribed to it
   */
  find(name: string): { lane: FeedLane; symbol: string } | undefined {
    for (const lane of this.all) {
      const { feed, instruments } = lane.parts;
      const symbol = instruments.find(name)?.symbol ?? feed.canonical(name);
      if (symbol !== undefined && feed.isSubscribed(symbol)) return { lane, symbol };
    }
    return undefined;
  }

  onApplicationBootstrap(): void {
    for (const lane of this.all) lane.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await Promise.all(this.all.map((lane) => lane.stop()));
  }

  onApplicationShutdown(): void {
    for (const { parts } of this.all) parts.standby.leave();
  }
}
