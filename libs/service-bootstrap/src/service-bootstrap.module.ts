import { type DynamicModule, Module } from '@nestjs/common';
import type { RedisOptions } from 'ioredis';
import { HealthController } from './health/health.controller';
import { HealthRegistry } from './health/health.registry';
import { ServiceBus } from './messaging/service-bus';
import { MetricsController } from './metrics/metrics.controller';
import { MetricsRegistry } from './metrics/metrics.registry';
import { ServiceIdentity } from './service-identity';

/** Health, metrics and messages, for every provider of a service. */
@Module({})
export class ServiceBootstrapModule {
  static forService(identity: ServiceIdentity, redis: RedisOptions | undefined): DynamicModule {
    return {
      module: ServiceBootstrapModule,
      global: true,
      controllers: [HealthController, MetricsController],
      providers: [
        { provide: ServiceIdentity, useValue: identity },
        { provide: ServiceBus, useFactory: () => new ServiceBus(redis) },
        HealthRegistry,
        MetricsRegistry,
      ],
      exports: [ServiceIdentity, ServiceBus, HealthRegistry, MetricsRegistry],
    };
  }
}
