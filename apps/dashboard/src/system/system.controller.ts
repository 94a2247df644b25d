import { Controller } from '@nestjs/common';
import type { CacheStats, SystemStatus } from '@tickbridge/contracts';
import { Serve } from '@tickbridge/service-bootstrap';
import { CacheService } from '@tickbridge/shared-cache';
import { SystemMonitor } from './system.monitor';

@Controller()
export class SystemController {
  constructor(
    private readonly monitor: SystemMonitor,
    private readonly cache: CacheService,
  ) {}

  @Serve('GET /api/v1/system/status')
  status(): Promise<SystemStatus> {
    return this.monitor.status();
  }

  @Serve('GET /api/v1/cache/stats')
  stats(): Promise<CacheStats> {
    return this.cache.stats();
  }
}
