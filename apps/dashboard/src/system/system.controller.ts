import { Controller, Get } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import {
  cacheStatsSchema,
  systemStatusSchema,
  type CacheStats,
  type SystemStatus,
} from '@tickbridge/contracts';
import { CacheService } from '@tickbridge/shared-cache';
import { SystemMonitor } from './system.monitor';

@ApiTags('system')
@Controller('api/v1')
export class SystemController {
  constructor(
    private readonly monitor: SystemMonitor,
    private readonly cache: CacheService,
  ) {}

  @Get('system/status')
  @ApiOperation({ summary: 'Every service, the feed and Redis, asked just now' })
  @ApiOkResponse({ standardSchema: systemStatusSchema })
  status(): Promise<SystemStatus> {
    return this.monitor.status();
  }

  @Get('cache/stats')
  @ApiOperation({ summary: 'Hits and misses of each cache tier, and Redis itself' })
  @ApiOkResponse({ standardSchema: cacheStatsSchema })
  stats(): Promise<CacheStats> {
    return this.cache.stats();
  }
}
