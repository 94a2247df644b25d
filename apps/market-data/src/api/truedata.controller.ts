import { Controller } from '@nestjs/common';
import type { FeedStatus } from '@tickbridge/contracts';
import { ProblemException, Serve } from '@tickbridge/service-bootstrap';
import { TrueDataFeed } from '../feeds/truedata/truedata.feed';
import type { FeedLane } from '../lanes/feed-lane';
import { FeedLanes } from '../lanes/feed-lanes';

/** For feeds that speak TrueData's protocol. Every call acts on the connection itself. */
@Controller()
export class TrueDataController {
  constructor(private readonly lanes: FeedLanes) {}

  @Serve('GET /api/v1/truedata/status')
  current(): FeedStatus {
    return this.trueData().lane.parts.status.status();
  }

  @Serve('POST /api/v1/truedata/connect')
  connect(): Promise<FeedStatus> {
    return this.act((feed) => feed.connect());
  }

  @Serve('POST /api/v1/truedata/reconnect')
  reconnect(): Promise<FeedStatus> {
    return this.act((feed) => feed.reconnect());
  }

  @Serve('POST /api/v1/truedata/disconnect')
  disconnect(): Promise<FeedStatus> {
    return this.act((feed) => feed.disconnect());
  }

  /** The login is one instance's at a time; only that one may be told what to do with it. */
  private async act(command: (feed: TrueDataFeed) => Promise<void>): Promise<FeedStatus> {
    const { lane, feed } = this.trueData();
    const waitingFor = lane.parts.lease.waitingFor();
    if (waitingFor !== null) {
      throw new ProblemException(409, 'FEED_HELD_ELSEWHERE', `This instance is ${waitingFor}.`);
    }
    await command(feed);
    return lane.parts.status.status();
  }

  private trueData(): { lane: FeedLane; feed: TrueDataFeed } {
    for (const lane of this.lanes.all) {
      const { feed } = lane.parts;
      if (feed instanceof TrueDataFeed) return { lane, feed };
    }
    const names = this.lanes.all.map(({ name }) => name).join(' and ');
    throw new ProblemException(
      404,
      'NOT_A_TRUEDATA_FEED',
      `The feed is ${names}, which does not speak TrueData. Set FEED to truedata or simulator.`,
    );
  }
}
