import { Controller } from '@nestjs/common';
import type { FeedsStatus } from '@tickbridge/contracts';
import { Serve } from '@tickbridge/service-bootstrap';
import { FeedLanes } from '../lanes/feed-lanes';

@Controller()
export class FeedController {
  constructor(private readonly lanes: FeedLanes) {}

  @Serve('GET /api/v1/feed/status')
  status(): FeedsStatus {
    const feeds = this.lanes.all.map(({ parts }) => parts.status.status());
    return { ...(feeds[0] as FeedsStatus), feeds };
  }
}
