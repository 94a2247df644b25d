import { Injectable, type OnModuleInit } from '@nestjs/common';
import { DatabaseHealth } from '@tickbridge/database';
import { HealthRegistry } from '@tickbridge/service-bootstrap';
import { LiveMarketData, MemcachedConnection, RedisConnection } from '@tickbridge/shared-cache';
import { TradingLoop } from './trading-loop/trading-loop';

/** What this service depends on, for `/health/ready`. */
@Injectable()
export class OrchestratorHealth implements OnModuleInit {
  constructor(
    private readonly health: HealthRegistry,
    private readonly database: DatabaseHealth,
    private readonly redis: RedisConnection,
    private readonly memcached: MemcachedConnection,
    private readonly live: LiveMarketData,
    private readonly loop: TradingLoop,
  ) {}

  onModuleInit(): void {
    this.health.register('redis', () => this.redis.health());
    if (this.memcached.configured) this.health.register('memcached', () => this.memcached.health());
    this.health.register('postgresql', () => this.database.check());
    this.health.register('live-market-data', () => this.live.health());
    this.health.register('trading-loop', () => {
      const reason = this.loop.blockedBy;
      return reason === null ? { status: 'up' } : { status: 'degraded', detail: reason };
    });
  }
}
