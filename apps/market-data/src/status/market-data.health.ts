import { Injectable, type OnModuleInit } from '@nestjs/common';
import { DatabaseHealth } from '@tickbridge/database';
import { HealthRegistry } from '@tickbridge/service-bootstrap';
import { MemcachedConnection, RedisConnection } from '@tickbridge/shared-cache';

/** The servers this service uses, for `/health/ready`. It works without any of them. */
@Injectable()
export class MarketDataHealth implements OnModuleInit {
  constructor(
    private readonly health: HealthRegistry,
    private readonly database: DatabaseHealth,
    private readonly redis: RedisConnection,
    private readonly memcached: MemcachedConnection,
  ) {}

  onModuleInit(): void {
    this.health.register('redis', () => this.redis.health());
    if (this.memcached.configured) this.health.register('memcached', () => this.memcached.health());
    this.health.register('postgresql', () => this.database.check());
  }
}
