import { Injectable } from '@nestjs/common';
import { MetricsRegistry } from '@tickbridge/service-bootstrap';
import { Counter, Histogram } from 'prom-client';

/** Decisions by code, and how long they took. */
@Injectable()
export class RiskMetrics {
  private readonly decisions: Counter<'code'>;
  private readonly seconds: Histogram;

  constructor(registry: MetricsRegistry) {
    this.decisions = new Counter({
      name: 'tickbridge_risk_decisions_total',
      help: 'Risk decisions by code',
      labelNames: ['code'],
      registers: [registry],
    });
    this.seconds = new Histogram({
      name: 'tickbridge_risk_check_seconds',
      help: 'Time to gather the facts and decide',
      buckets: [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.5, 1, 5],
      registers: [registry],
    });
  }

  count(code: string, durationMs: number): void {
    this.decisions.inc({ code });
    this.seconds.observe(durationMs / 1_000);
  }
}
