import { Controller, Get, HttpCode, Post } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { feedStatusSchema, type FeedStatus } from '@tickbridge/contracts';
import { ProblemException } from '@tickbridge/service-bootstrap';
import { TrueDataFeed } from '../feeds/truedata/truedata.feed';
import type { FeedLane } from '../lanes/feed-lane';
import { FeedLanes } from '../lanes/feed-lanes';

/** For feeds that speak TrueData's protocol. Every call acts on the connection itself. */
@ApiTags('truedata')
@Controller('api/v1/truedata')
export class TrueDataController {
  constructor(private readonly lanes: FeedLanes) {}

  @Get('status')
  @ApiOperation({ summary: 'State of the TrueData connection' })
  @ApiOkResponse({ standardSchema: feedStatusSchema })
  current(): FeedStatus {
    return this.trueData().lane.parts.status.status();
  }

  @Post('connect')
  @HttpCode(200)
  @ApiBearerAuth()
  @ApiOperation({ summary: 'Connects, also after a refused login, and answers with the outcome' })
  @ApiOkResponse({ standardSchema: feedStatusSchema })
  connect(): Promise<FeedStatus> {
    return this.act((feed) => feed.connect());
  }

  @Post('reconnect')
  @HttpCode(200)
  @ApiBearerAuth()
  @ApiOperation({ summary: 'Logs out, connects anew and answers with the outcome' })
  @ApiOkResponse({ standardSchema: feedStatusSchema })
  reconnect(): Promise<FeedStatus> {
    return this.act((feed) => feed.reconnect());
  }

  @Post('disconnect')
  @HttpCode(200)
  @ApiBearerAuth()
  @ApiOperation({ summary: 'Logs out and stays disconnected until connected again' })
  @ApiOkResponse({ standardSchema: feedStatusSchema })
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
