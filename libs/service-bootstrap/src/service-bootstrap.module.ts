import { type DynamicModule, Module } from '@nestjs/common';
import type { ServiceConfig } from './config/service-config';
import { HealthController } from './health/health.controller';
import { HealthMetrics } from './health/health.metrics';
import { HealthRegistry } from './health/health.registry';
import { BusSecurity } from './messaging/bus-security';
import { ServiceBus } from './messaging/service-bus';
import { MetricsController } from './metrics/metrics.controller';
import { MetricsRegistry } from './metrics/metrics.registry';
import { ServiceAddress } from './service-address';
import { ServiceIdentity } from './config/service-identity';

/** Health, metrics and messages, for every provider of a service. */
@Module({})
export class ServiceBootstrapModule {
  static forService(
    identity: ServiceIdentity,
    { redis, installation }: Pick<ServiceConfig, 'redis' | 'installation'>,
  ): DynamicModule {
    return {
      module: ServiceBootstrapModule,
      global: true,
      controllers: [HealthController, MetricsController],
      providers: [
        { provide: ServiceIdentity, useValue: identity },
        {
          provide: BusSecurity,
          inject: [MetricsRegistry],
          useFactory: (metrics: MetricsRegistry) => new BusSecurity(installation, metrics),
        },
        {
          provide: ServiceBus,
          inject: [BusSecurity],
          useFactory: (security: BusSecurity) => new ServiceBus(redis, security),
        },
        HealthMetrics,
        HealthRegistry,
        MetricsRegistry,
        ServiceAddress,
      ],
      exports: [ServiceAddress, ServiceIdentity, ServiceBus, HealthRegistry, MetricsRegistry],
    };
  }
}
