import { Controller, Get } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { feedsStatusSchema, type FeedsStatus } from '@tickbridge/contracts';
import { FeedLanes } from '../lanes/feed-lanes';

@ApiTags('feed')
@Controller('api/v1/feed')
export class FeedController {
  constructor(private readonly lanes: FeedLanes) {}

  @Get('status')
  @ApiOperation({
    summary: 'State of the vendor connection and what it delivered; `feeds` has each feed by itself',
  })
  @ApiOkResponse({ standardSchema: feedsStatusSchema })
  status(): FeedsStatus {
    const feeds = this.lanes.all.map(({ parts }) => parts.status.status());
    return { ...(feeds[0] as FeedsStatus), feeds };
  }
}
