import { Controller, Get, HttpCode, Post } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { feedStatusSchema, type FeedStatus } from '@tickbridge/contracts';
import { ProblemException } from '@tickbridge/service-bootstrap';
import { Feed } from '../feeds/feed';
import { TrueDataFeed } from '../feeds/truedata/truedata.feed';
import { FeedLease } from '../lease/feed-lease';
import { FeedStatusService } from './feed-status.service';

/** For feeds that speak TrueData's protocol. Every call acts on the connection itself. */
@ApiTags('truedata')
@Controller('api/v1/truedata')
export class TrueDataController {
  constructor(
    private readonly feed: Feed,
    private readonly lease: FeedLease,
    private readonly status: FeedStatusService,
  ) {}

  @Get('status')
  @ApiOperation({ summary: 'State of the TrueData connection' })
  @ApiOkResponse({ standardSchema: feedStatusSchema })
  current(): FeedStatus {
    this.trueData();
    return this.status.status();
  }

  @Post('connect')
  @HttpCode(200)
  @ApiBearerAuth()
  @ApiOperation({ summary: 'Connects, also after a refused login, and answers with the outcome' })
  @ApiOkResponse({ standardSchema: feedStatusSchema })
  async connect(): Promise<FeedStatus> {
    await this.trueDataHere().connect();
    return this.status.status();
  }

  @Post('reconnect')
  @HttpCode(200)
  @ApiBearerAuth()
  @ApiOperation({ summary: 'Logs out, connects anew and answers with the outcome' })
  @ApiOkResponse({ standardSchema: feedStatusSchema })
  async reconnect(): Promise<FeedStatus> {
    await this.trueDataHere().reconnect();
    return this.status.status();
  }

  @Post('disconnect')
  @HttpCode(200)
  @ApiBearerAuth()
  @ApiOperation({ summary: 'Logs out and stays disconnected until connected again' })
  @ApiOkResponse({ standardSchema: feedStatusSchema })
  async disconnect(): Promise<FeedStatus> {
    await this.trueDataHere().disconnect();
    return this.status.status();
  }

  /** The login is one instance's at a time; only that one may be told what to do with it. */
  private trueDataHere(): TrueDataFeed {
    const feed = this.trueData();
    const waitingFor = this.lease.waitingFor();
    if (waitingFor === null) return feed;
    throw new ProblemException(409, 'FEED_HELD_ELSEWHERE', `This instance is ${waitingFor}.`);
  }

  private trueData(): TrueDataFeed {
    if (this.feed instanceof TrueDataFeed) return this.feed;
    throw new ProblemException(
      404,
      'NOT_A_TRUEDATA_FEED',
      `The feed is ${this.feed.name}, which does not speak TrueData. Set FEED to truedata or simulator.`,
    );
  }
}
