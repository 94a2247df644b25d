import { Controller, Get } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { feedStatusSchema, type FeedStatus } from '@tickbridge/contracts';
import { FeedStatusService } from './feed-status.service';

@ApiTags('feed')
@Controller('api/v1/feed')
export class FeedController {
  constructor(private readonly feed: FeedStatusService) {}

  @Get('status')
  @ApiOperation({ summary: 'State of the vendor connection and what it delivered' })
  @ApiOkResponse({ standardSchema: feedStatusSchema })
  status(): FeedStatus {
    return this.feed.status();
  }
}
