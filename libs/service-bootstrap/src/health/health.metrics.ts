import { Inject, Injectable } from '@nestjs/common';
import type { DependencyHealth } from '@tickbridge/contracts';
import { Gauge } from 'prom-client';
import { ServiceIdentity } from '../config/service-identity';
import { MetricsRegistry } from '../metrics/metrics.registry';
import { HealthRegistry } from './health.registry';

/** What `/health/ready` says of the dependencies, for Prometheus. What is not known is left out. */
@Injectable()
export class HealthMetrics {
  constructor(
    private readonly registry: MetricsRegistry,
    private readonly health: HealthRegistry,
    @Inject(ServiceIdentity) private readonly identity: ServiceIdentity,
  ) {
    this.gauge(
      'tickbridge_dependency_up',
      '1 while the dependency is up, 0 while degraded or down',
      (health) => (health.status === 'up' ? 1 : 0),
    );
    this.gauge(
      'tickbridge_clock_offset_seconds',
      "This machine's clock less the dependency's",
      ({ clockOffsetMs }) => (clockOffsetMs === undefined ? undefined : clockOffsetMs / 1_000),
    );
  }

  private gauge(name: string, help: string, read: (health: DependencyHealth) => number | undefined): void {
    const gauge = new Gauge({
      name,
      help,
      labelNames: ['dependency'],
      registers: [this.registry],
      collect: async () => {
        const { dependencies } = await this.health.readiness(this.identity.name);
        gauge.reset();
        for (const [dependency, health] of Object.entries(dependencies)) {
          const figure = read(health);
          if (figure !== undefined) gauge.set({ dependency }, figure);
        }
      },
    });
  }
}
